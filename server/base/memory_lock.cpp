#include "base/memory_lock.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "base/heap.hpp"

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

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool under_sanitizer = true;    // which has a heap of its own, and terabytes of shadow
#else
constexpr bool under_sanitizer = false;
#endif

constexpr ByteCount huge_heap = 268'435'456;   // some thousand sessions

// capabilities(7): CAP_IPC_LOCK.
bool may_exceed_limit() noexcept {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return false;
  return (sets[0].effective >> CAP_IPC_LOCK & 1U) != 0;
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
  if (under_sanitizer) return LockedMemory::refused;
  // The capability makes the limit void, but the lock-down drops it: so the limit counts for what is to come.
  const bool endless = limit.rlim_cur == RLIM_INFINITY;
  if (endless || limit.rlim_cur >= lock_limit_needed(to_come)) {
    // For its huge pages. What it takes is never given back, so no more than a busy relay needs anyway.
    if (endless) (void)reserve_heap(std::min(to_come, huge_heap), LargeBlocks::from_kernel);
    return ::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0 ? LockedMemory::all : LockedMemory::refused;
  }
  if (!may_exceed_limit() || !reserve_heap(to_come, LargeBlocks::in_heap)) return LockedMemory::refused;
  return ::mlockall(MCL_CURRENT | MCL_ONFAULT) == 0 ? LockedMemory::reserved : LockedMemory::refused;
}

}  // namespace lethe
