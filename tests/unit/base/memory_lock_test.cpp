#include "base/memory_lock.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>

namespace lethe {
namespace {

constexpr ByteCount kMiB = 1'048'576;

ByteCount locked_bytes() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmLck:")) return std::stoull(line.substr(6)) * 1'024;
  }
  return 0;
}

void limit(ByteCount soft, ByteCount hard) {
  const rlimit both{soft, hard};
  if (::setrlimit(RLIMIT_MEMLOCK, &both) != 0) std::_Exit(99);
}

void become_nobody() {
  if (::geteuid() == 0 && ::setresuid(65'534, 65'534, 65'534) != 0) std::_Exit(98);
}

ByteCount hard_limit() {
  rlimit now{};
  ::getrlimit(RLIMIT_MEMLOCK, &now);
  return now.rlim_max;
}

// In a child: 0 all, 1 no_room, 2 refused; 10 and up: what was said is not so.
int lock_with(ByteCount hard, ByteCount to_come) {
  limit(0, hard);
  become_nobody();
  const LockedMemory locked = lock_all_memory(to_come);
  const ByteCount before = locked_bytes();
  void* const later = ::mmap(nullptr, kMiB / 4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (later == MAP_FAILED) return 10;
  const bool grew = locked_bytes() >= before + kMiB / 4;
  if ((locked == LockedMemory::all) != (before > 0 && grew)) return 11;
  return static_cast<int>(locked);
}

TEST(LockedMemoryDeathTest, IsAllOfItWhereTheLimitAllowsForWhatIsToCome) {
  const ByteCount enough = lock_limit_needed(kMiB);
  if (hard_limit() < enough) GTEST_SKIP() << "this process may not lock so much";
  EXPECT_EXIT(std::_Exit(lock_with(hard_limit(), kMiB / 2)), testing::ExitedWithCode(0), "");
}

TEST(LockedMemoryDeathTest, IsNoneWhereALaterAllocationWouldFail) {
  if (hard_limit() == RLIM_INFINITY && ::geteuid() != 0) GTEST_SKIP() << "this user has no limit";
  const ByteCount hard = std::min(hard_limit(), 64 * kMiB);
  EXPECT_EXIT(std::_Exit(lock_with(hard, hard)), testing::ExitedWithCode(1), "");
  EXPECT_EXIT(std::_Exit(lock_with(kMiB, 0)), testing::ExitedWithCode(1), "");
}

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
