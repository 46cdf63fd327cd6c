#include "base/memory_lock.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <limits>

namespace lethe {
namespace {

// Linux 4.4; the C library has it where the kernel's headers do.
#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif

// The process' address space now, in bytes; as good as endless where it is not to be learnt. (proc(5), statm)
ByteCount address_space() noexcept {
  constexpr ByteCount unknown = std::numeric_limits<ByteCount>::max() / 2;
  const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return unknown;
  std::array<char, 32> text{};   // the first number is all that matters
  const ssize_t got = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  if (got <= 0) return unknown;
  return std::strtoull(text.data(), nullptr, 10) * static_cast<ByteCount>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void raise_lock_limit() noexcept {
  const rlimit endless{RLIM_INFINITY, RLIM_INFINITY};
  if (::setrlimit(RLIMIT_MEMLOCK, &endless) == 0) return;
  rlimit limit{};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_MEMLOCK, &limit);
}

ByteCount lock_limit_needed(ByteCount to_come) noexcept { return address_space() + to_come; }

LockedMemory lock_all_memory(ByteCount to_come) noexcept {
  raise_lock_limit();
  rlimit limit{};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return LockedMemory::refused;
  // The capability CAP_IPC_LOCK makes the limit void, but the lock-down drops it: so only the limit counts.
  if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < lock_limit_needed(to_come)) return LockedMemory::no_room;
  if (::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0) return LockedMemory::refused;
  return LockedMemory::all;
}

}  // namespace lethe
