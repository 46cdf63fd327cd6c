// Each wall alone, without the filter in front of it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "lockdown/capabilities.hpp"
#include "lockdown/landlock.hpp"
#include "lockdown/resource_limits.hpp"
#include "unit/lockdown/confined/child.hpp"
#include "unit/lockdown/confined/confined.hpp"

namespace lethe::lockdown {
namespace {

int error_of(long result) { return result < 0 ? errno : 0; }

struct Landlocked {
  int enforced;
  int opened;
  int made;
  int bound;
  int opened_by_later_thread;
};

TEST(Landlock, DeniesFilesAndPortsAlsoToLaterThreads) {
  const unsigned abi = landlock_abi();
  if (abi == 0) GTEST_SKIP() << "this kernel has no Landlock";
  const auto end = in_child([abi] {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    Landlocked seen{};
    seen.enforced = enforce_landlock(abi);
    seen.opened = error_of(::open("/proc/self/status", O_RDONLY));
    seen.made = error_of(::mkdir("/tmp/lethe-walls", 0700));
    sockaddr_in any{};
    any.sin_family = AF_INET;
    seen.bound = error_of(::bind(::socket(AF_INET, SOCK_STREAM, 0), reinterpret_cast<sockaddr*>(&any), sizeof any));
    std::thread{[&] { seen.opened_by_later_thread = error_of(::open("/dev/null", O_WRONLY)); }}.join();
    return seen;
  });
  ASSERT_TRUE(end.report);
  EXPECT_EQ(end.report->enforced, 0);
  EXPECT_EQ(end.report->opened, EACCES);
  EXPECT_EQ(end.report->made, EACCES);
  EXPECT_EQ(end.report->bound, abi >= 4 ? EACCES : 0);
  EXPECT_EQ(end.report->opened_by_later_thread, EACCES);
}

TEST(Landlock, TakesTheRightsOfEveryEarlierVersion) {
  for (unsigned abi = 1; abi <= landlock_abi(); ++abi) {
    const auto end = in_child([abi] {
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
      return enforce_landlock(abi);
    });
    EXPECT_EQ(end.report, 0) << abi;
  }
}

TEST(Landlock, SaysWhyItCannot) {
  EXPECT_EQ(enforce_landlock(0), ENOSYS);
  if (landlock_abi() == 0) GTEST_SKIP() << "this kernel has no Landlock";
  // Without no_new_privs and without CAP_SYS_ADMIN.
  const auto end = in_child([] { return drop_capabilities() == 0 ? enforce_landlock(landlock_abi()) : 0; });
  EXPECT_EQ(end.report, EPERM);
}

TEST(Capabilities, AreGoneAndRootIsNoLongerMuch) {
  struct Report {
    int dropped;
    bool none;
    bool bounding;
    int groups;
    int became_other;
  };
  const auto end = in_child([] {
    if (::getuid() == 0) {
      const gid_t extra = 4;
      ::setgroups(1, &extra);
    }
    Report seen{};
    seen.dropped = drop_capabilities();
    seen.none = holds_no_capability();
    seen.bounding = bounding_set_is_empty();
    seen.groups = ::getgroups(0, nullptr);
    seen.became_other = error_of(::setuid(::getuid() + 1));
    return seen;
  });
  ASSERT_TRUE(end.report);
  EXPECT_EQ(end.report->dropped, 0);
  EXPECT_TRUE(end.report->none);
  EXPECT_EQ(end.report->became_other, EPERM);
  if (::getuid() != 0) return;
  EXPECT_FALSE(holds_no_capability());
  EXPECT_TRUE(end.report->bounding);
  EXPECT_EQ(end.report->groups, 0);
}

TEST(ResourceLimits, LetNoFileGrowAndDoNotEndTheProcess) {
  struct Report {
    int set;
    bool held_before;
    bool held;
    int wrote;
  };
  const auto end = in_child([] {
    const int file = ::open("/tmp", O_TMPFILE | O_RDWR, 0600);
    Report seen{};
    seen.held_before = growth_is_forbidden() || processes_are_forbidden();
    seen.set = forbid_growth() + forbid_processes();
    seen.held = growth_is_forbidden() && processes_are_forbidden();
    seen.wrote = error_of(::write(file, "canary", 6));
    return seen;
  });
  ASSERT_TRUE(end.report);
  EXPECT_EQ(end.signal, 0);
  EXPECT_EQ(end.report->set, 0);
  EXPECT_FALSE(end.report->held_before);
  EXPECT_TRUE(end.report->held);
  EXPECT_EQ(end.report->wrote, EFBIG);
}

TEST(ResourceLimits, LetAUserStartNoProcess) {
  if (::getuid() != 0) GTEST_SKIP() << "becoming another user needs root";
  const auto end = in_child([] {
    if (!become_nobody() || forbid_processes() != 0) return -1;
    const pid_t child = ::fork();
    if (child == 0) _exit(0);
    return error_of(child);
  });
  EXPECT_EQ(end.report, EAGAIN);
}

}  // namespace
}  // namespace lethe::lockdown
