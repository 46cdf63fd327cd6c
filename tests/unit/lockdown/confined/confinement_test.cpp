#include "lockdown/confinement.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lockdown/attestation.hpp"
#include "lockdown/kernel.hpp"
#include "unit/lockdown/confined/child.hpp"
#include "unit/lockdown/confined/confined.hpp"

namespace lethe::lockdown {
namespace {

using ::testing::ElementsAreArray;

bool kernel_has_mdwe() {
  return in_child([] { return ::prctl(kernel::pr_set_mdwe, kernel::mdwe_refuse_exec_gain, 0, 0, 0) == 0; }).report.value();
}

void expect_all(const Sealed& sealed) {
  ASSERT_TRUE(sealed.held) << name(sealed.step) << ' ' << sealed.detail << ' ' << sealed.error;
  const Protections& holds = sealed.protections;
  EXPECT_TRUE(holds.clean_environment);
  EXPECT_TRUE(holds.closed_descriptors);
  EXPECT_TRUE(holds.resource_limits);
  EXPECT_TRUE(holds.not_dumpable);
  EXPECT_TRUE(holds.no_new_privileges);
  EXPECT_TRUE(holds.no_capabilities);
  EXPECT_TRUE(holds.landlock);
  EXPECT_TRUE(holds.seccomp);
  EXPECT_TRUE(holds.self_test);
  EXPECT_TRUE(holds.complete());
  EXPECT_GT(holds.landlock_abi, 0U);
  EXPECT_EQ(holds.no_executable_memory, kernel_has_mdwe());
  EXPECT_THAT(holds.filter_digest, ElementsAreArray(confinement().filter_digest));
}

TEST(Confinement, HoldsForTheUserThatStartedIt) {
  const auto end = in_child([] { return confine_and_seal(confinement()); });
  ASSERT_TRUE(end.report);
  expect_all(*end.report);
  EXPECT_EQ(end.report->protections.empty_bounding_set, ::getuid() == 0);
}

TEST(Confinement, HoldsForAUserWithoutPrivileges) {
  if (::getuid() != 0) GTEST_SKIP() << "the test before this one was that";
  const auto end = in_child([] { return become_nobody() ? confine_and_seal(confinement()) : Sealed{}; });
  ASSERT_TRUE(end.report);
  expect_all(*end.report);
  EXPECT_FALSE(end.report->protections.empty_bounding_set);
}

TEST(Confinement, CoversThreadsThatRunAlready) {
  struct Report {
    bool sealed;
    int opened;
    int made_socket;
    int started_thread;
  };
  const auto end = in_child([] {
    const Confinement wanted = confinement();
    const Confined confined = confine(wanted);
    Report report{};
    std::atomic<int> sealed{0};
    std::thread worker{[&] {
      sealed.wait(0);
      report.opened = ::open("/", O_RDONLY) < 0 ? errno : 0;
      report.made_socket = ::socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
      try {
        std::thread{[] {}}.join();
      } catch (const std::system_error& failure) {
        report.started_thread = failure.code().value();
      }
    }};
    report.sealed = confined.has_value() && seal(wanted, *confined).has_value();
    sealed = 1;
    sealed.notify_one();
    worker.join();
    return report;
  });
  ASSERT_TRUE(end.report);
  EXPECT_TRUE(end.report->sealed);
  EXPECT_EQ(end.report->opened, EACCES);
  EXPECT_EQ(end.report->made_socket, EPERM);
  EXPECT_EQ(end.report->started_thread, EPERM);
}

// Which step stops a strict start whose confinement `spoil` has changed.
template <class Spoil>
std::string step_that_fails(const Spoil& spoil) {
  const auto end = in_child([&] {
    Confinement wanted = confinement();
    spoil(wanted);
    return confine_and_seal(wanted);
  });
  if (!end.report) return "no report";
  if (end.report->held) return "none";
  return std::string{name(end.report->step)} + ' ' + end.report->detail + ' ' + ::strerrorname_np(end.report->error);
}

// A program that lets everything through.
FilterProgram open_door() { return {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}; }

TEST(StrictConfinement, NamesTheStepThatFails) {
  EXPECT_EQ(step_that_fails([](Confinement&) {}), "none");
  EXPECT_EQ(step_that_fails([](Confinement& c) { c.start.environment_clean = false; }), "clean-environment  EINVAL");
  EXPECT_EQ(step_that_fails([](Confinement& c) { c.start.descriptors_closed = false; }), "closed-descriptors  EINVAL");
  EXPECT_EQ(step_that_fails([](Confinement&) { ::open("/", O_RDONLY); }), "closed-descriptors  EBADF");
  EXPECT_EQ(step_that_fails([](Confinement& c) { c.starting.clear(); }), "starting-filter  EINVAL");
  EXPECT_EQ(step_that_fails([](Confinement& c) { c.serving.clear(); }), "serving-filter  EINVAL");
}

TEST(StrictConfinement, RefusesWhereAnotherThreadRuns) {
  EXPECT_EQ(step_that_fails([](Confinement&) { std::thread{[] { ::pause(); }}.detach(); }), "single-thread  EBUSY");
}

TEST(StrictConfinement, FailsItsSelfTestUnderAFilterThatLetsThrough) {
  // Landlock, which also answers EACCES, hides the first two probes.
  EXPECT_EQ(step_that_fails([](Confinement& c) { c.starting = c.serving = open_door(); }), "self-test openat2 EINVAL");
  // The starting filter alone still refuses most of it.
  EXPECT_EQ(step_that_fails([](Confinement& c) { c.serving = open_door(); }), "self-test another-filter EFAULT");
}

TEST(StrictConfinement, TestsThatNothingElseCanBeWritten) {
  const auto wider = [](Confinement& c) {
    const std::vector<Writable> writable{{report_pipe, 4'096}, {0, 4'096}};
    c.starting = c.serving = build_filter(native_architecture, Stage::serving, writable).value();
    c.starting = build_filter(native_architecture, Stage::starting, writable).value();
  };
  EXPECT_THAT(step_that_fails(wider), ::testing::StartsWith("self-test write"));
  const auto longer = [](Confinement& c) { c.writable.back().longest = 4'095; };
  EXPECT_THAT(step_that_fails(longer), ::testing::StartsWith("self-test long-write"));
}

TEST(BestEffortConfinement, TellsWhatIsMissingAndHoldsTheRest) {
  const auto end = in_child([] {
    Confinement wanted = confinement();
    wanted.strict = false;
    wanted.start.environment_clean = false;
    wanted.serving.clear();
    return confine_and_seal(wanted);
  });
  ASSERT_TRUE(end.report && end.report->held);
  const Protections& holds = end.report->protections;
  EXPECT_FALSE(holds.clean_environment);
  EXPECT_FALSE(holds.seccomp);
  EXPECT_FALSE(holds.self_test);
  EXPECT_FALSE(holds.complete());
  EXPECT_THAT(holds.filter_digest, ::testing::Each(0));
  EXPECT_TRUE(holds.closed_descriptors);
  EXPECT_TRUE(holds.resource_limits);
  EXPECT_TRUE(holds.not_dumpable);
  EXPECT_TRUE(holds.no_new_privileges);
  EXPECT_TRUE(holds.no_capabilities);
  EXPECT_TRUE(holds.landlock);
}

TEST(Confinement, HasNothingBeforeItBegins) {
  const auto end = in_child([] {
    Protections found;
    found.not_dumpable = found.seccomp = true;   // attest must look, not believe
    Sealed report{true, found};
    attest(report.protections).copy(report.detail, sizeof report.detail - 1);
    return report;
  });
  ASSERT_TRUE(end.report);
  EXPECT_STREQ(end.report->detail, "limits");
  const Protections& found = end.report->protections;
  EXPECT_FALSE(found.resource_limits || found.not_dumpable || found.no_new_privileges || found.no_executable_memory ||
               found.seccomp);
  EXPECT_EQ(found.no_capabilities, ::getuid() != 0);
}

TEST(Confinement, LetsAFailedCheckEndTheProcess) {
  const auto end = in_child([] {
    if (confine_and_seal(confinement()).held) std::abort();
    return 0;
  });
  EXPECT_FALSE(end.report);
  // abort can't signal itself, so the instruction behind it ends the process.
  EXPECT_THAT(end.signal, ::testing::AnyOf(SIGSEGV, SIGILL, SIGTRAP, SIGABRT));
}

TEST(StepFailure, SaysWhichStepAndWhyWhereAStartFails) {
  const auto text = [](StepFailure failure) -> std::string {
    try {
      (void)Confined{failure}.value();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_EQ(text({Step::landlock, ENOSYS}), "lock-down: landlock: Function not implemented");
  EXPECT_EQ(text({Step::self_test, 0, "memfd"}), "lock-down: self-test (memfd): Success");
}

}  // namespace
}  // namespace lethe::lockdown
