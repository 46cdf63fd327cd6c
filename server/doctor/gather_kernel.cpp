// What only the kernel itself can say.
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/descriptor.hpp"
#include "doctor/gather.hpp"
#include "lockdown/landlock.hpp"

namespace lethe::doctor {
namespace {

// The same number on every architecture; the C library has no function.
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

bool has_filters() {
  std::uint32_t action = SECCOMP_RET_ERRNO;
  return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

bool has_secret_memory() {
  const Descriptor file{static_cast<int>(::syscall(SYS_memfd_secret, O_CLOEXEC))};
  return file.get() >= 0;
}

bool is_seeded() {
  unsigned char byte = 0;
  return ::getrandom(&byte, 1, GRND_NONBLOCK) == 1 || errno != EAGAIN;
}

// adjtimex(2) only asks with `modes` 0; a container's filter may forbid even that.
std::optional<bool> is_synchronised() {
  timex state{};
  const int clock = ::adjtimex(&state);
  if (clock < 0) return std::nullopt;
  return clock != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

}  // namespace

void ask_kernel(KernelFacts& kernel, HostFacts& host) {
  kernel.landlock = lockdown::landlock_abi();
  kernel.seccomp = has_filters();
  kernel.secret_memory = has_secret_memory();
  host.seeded = is_seeded();
  host.synchronised = is_synchronised();
  host.processors = std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace lethe::doctor
