#include "base/memory_lock.hpp"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/heap.hpp"
#include "base/thread.hpp"

namespace lethe {
namespace {

constexpr ByteCount kMiB = 1'048'576;

void limit(ByteCount soft, ByteCount hard) {
  const rlimit both{soft, hard};
  if (::setrlimit(RLIMIT_MEMLOCK, &both) != 0) std::_Exit(99);
}

void become_nobody() {
  if (::geteuid() == 0 && ::setresuid(65'534, 65'534, 65'534) != 0) std::_Exit(98);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
ByteCount hard_limit() {
  rlimit now{};
  ::getrlimit(RLIMIT_MEMLOCK, &now);
  return now.rlim_max;
}

// Whether the page is in a locked mapping: VmFlags of proc(5), smaps.
bool is_locked(const void* page) {
  std::ifstream maps{"/proc/self/smaps"};
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    unsigned long from = 0;
    unsigned long to = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &from, &to) == 2) {
      inside = from <= reinterpret_cast<std::uintptr_t>(page) && reinterpret_cast<std::uintptr_t>(page) < to;
    } else if (inside && line.starts_with("VmFlags:")) {
      return line.find(" lo") != std::string::npos;
    }
  }
  return false;
}

// In a child: 0 all, 1 reserved, 2 refused; 10 and up: what was said is not so. `page` is taken by a thread that comes later,
// after the heap was asked to give back what is free.
int lock_with(ByteCount hard, ByteCount to_come, bool privileged) {
  limit(0, hard);
  if (!privileged) become_nobody();
  const LockedMemory locked = lock_all_memory(to_come);
  const char on_stack = 0;
  void* page = nullptr;
  return_free_heap();
  Thread later{[&page] { page = std::malloc(1 * kMiB); }};
  later.join();
  if (page == nullptr) return 10;
  const bool all = is_locked(&on_stack) && is_locked(page);
  if ((locked != LockedMemory::refused) != all) return 11;
  return static_cast<int>(locked);
}

// The same with all of root's capabilities but the one to raise the limit again.
int without_raising(ByteCount hard, ByteCount to_come) {
  limit(hard, hard);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  if (::syscall(SYS_capget, &header, sets) != 0) return 97;
  sets[0].effective &= ~(1U << CAP_SYS_RESOURCE);
  sets[0].permitted &= ~(1U << CAP_SYS_RESOURCE);
  if (::syscall(SYS_capset, &header, sets) != 0) return 96;
  return lock_with(hard, to_come, true);
}

TEST(LockedMemoryDeathTest, IsAllOfItWhereTheLimitOrTheCapabilityAllowsForIt) {
  const bool by_limit = hard_limit() >= lock_limit_needed(64 * kMiB);
  const int expected = by_limit ? 0 : ::geteuid() == 0 ? 1 : 2;
  EXPECT_EXIT(std::_Exit(lock_with(hard_limit(), 32 * kMiB, true)), testing::ExitedWithCode(expected), "");
}

TEST(LockedMemoryDeathTest, IsReservedWithTheCapabilityUnderALimit) {
  const int expected = ::geteuid() == 0 ? 1 : 2;
  EXPECT_EXIT(std::_Exit(without_raising(kMiB, 32 * kMiB)), testing::ExitedWithCode(expected), "");
}

TEST(LockedMemoryDeathTest, IsNoneWhereALaterAllocationWouldFail) {
  const ByteCount hard = std::min(hard_limit(), 64 * kMiB);
  EXPECT_EXIT(std::_Exit(lock_with(hard, 64 * kMiB, false)), testing::ExitedWithCode(2), "");
  EXPECT_EXIT(std::_Exit(lock_with(std::min(hard_limit(), kMiB), 0, false)), testing::ExitedWithCode(2), "");
}
#endif

TEST(LockLimit, IsRaisedAsFarAsAllowed) {
  EXPECT_EXIT(
      {
        limit(kMiB, 2 * kMiB);
        become_nobody();
        raise_lock_limit();
        rlimit now{};
        ::getrlimit(RLIMIT_MEMLOCK, &now);
        std::_Exit(now.rlim_cur == 2 * kMiB && now.rlim_max == 2 * kMiB ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace lethe
