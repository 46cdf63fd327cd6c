// What is written when something crashes or sleeps, and the walls.
#include <gmock/gmock.h>

#include "unit/doctor/healthy.hpp"

namespace lethe::doctor {
namespace {

using ::testing::HasSubstr;

class HostChecks : public testing::Test {
 protected:
  Severity of(Check check) const { return check(config, facts).severity; }

  ops::Config config = good_config();
  Facts facts = healthy();
};

TEST_F(HostChecks, FindNothingOnAHealthyHost) {
  for (const Finding& finding : examine(config, facts)) EXPECT_EQ(finding.severity, Severity::ok) << finding.check << ": " << finding.what;
}

TEST_F(HostChecks, TheCorePatternMattersWhereNothingForbidsADump) {
  EXPECT_EQ(of(check_core_dumps), Severity::ok);
  config.lockdown = ops::LockdownMode::off;
  const Finding handler = check_core_dumps(config, facts);
  EXPECT_EQ(handler.severity, Severity::breaks_promise);
  EXPECT_THAT(handler.what, HasSubstr("a program"));
  EXPECT_EQ(handler.fix, "sysctl -w kernel.core_pattern=/dev/null");
  facts.crash.core_pattern = "core";
  EXPECT_THAT(check_core_dumps(config, facts).what, HasSubstr("a file"));
  facts.crash.core_pattern = "/dev/null";
  EXPECT_EQ(of(check_core_dumps), Severity::ok);
  facts.crash.core_pattern.reset();
  EXPECT_EQ(of(check_core_dumps), Severity::note);
}

TEST_F(HostChecks, ACrashKernelWritesAllMemory) {
  facts.crash.crash_kernel = true;
  EXPECT_EQ(of(check_crash_kernel), Severity::breaks_promise);
  facts.crash.crash_kernel.reset();
  EXPECT_EQ(of(check_crash_kernel), Severity::note);
}

TEST_F(HostChecks, HibernationBreaksThePromiseUnlessSecretMemoryForbidsIt) {
  facts.crash.can_hibernate = true;
  EXPECT_EQ(of(check_hibernation), Severity::ok) << "no swap to write to";
  facts.memory.swaps->push_back(disk());
  EXPECT_EQ(of(check_hibernation), Severity::note);
  facts.kernel.secret_memory = false;
  EXPECT_EQ(of(check_hibernation), Severity::breaks_promise);
  facts.memory.swaps.reset();
  EXPECT_EQ(of(check_hibernation), Severity::warning);
  facts.crash.has_resume_device = true;
  EXPECT_EQ(of(check_hibernation), Severity::breaks_promise);
  facts.crash.can_hibernate.reset();
  EXPECT_EQ(of(check_hibernation), Severity::note);
}

TEST_F(HostChecks, TheLockDownIsStrictOrWeaker) {
  EXPECT_EQ(of(check_lockdown), Severity::ok);
  config.lockdown = ops::LockdownMode::best_effort;
  EXPECT_EQ(of(check_lockdown), Severity::note);
  config.lockdown = ops::LockdownMode::off;
  EXPECT_EQ(of(check_lockdown), Severity::breaks_promise);
}

TEST_F(HostChecks, AMissingWallStopsAStrictStartAndOpensAnother) {
  facts.kernel.landlock = 0;
  facts.kernel.seccomp = false;
  for (const Check check : {check_landlock, check_seccomp}) {
    config.lockdown = ops::LockdownMode::strict;
    EXPECT_EQ(of(check), Severity::warning);
    config.lockdown = ops::LockdownMode::best_effort;
    EXPECT_EQ(of(check), Severity::breaks_promise);
    config.lockdown = ops::LockdownMode::off;
    EXPECT_EQ(of(check), Severity::note);
  }
}

TEST_F(HostChecks, AnOldLandlockIsWorthANote) {
  facts.kernel.landlock = 3;
  EXPECT_EQ(of(check_landlock), Severity::note);
  facts.kernel.landlock = 4;
  EXPECT_EQ(of(check_landlock), Severity::ok);
}

TEST_F(HostChecks, AContainerShouldAllowNoMoreThanIsNeeded) {
  facts.process.bounding_set = 0x1ff;
  facts.process.root = true;
  EXPECT_EQ(of(check_container), Severity::ok) << "it is none";
  facts.host.place = Place::docker;
  EXPECT_EQ(check_container(config, facts).fix, "--cap-drop ALL --user 65532:65532");
  facts.process = healthy().process;
  facts.process.bounding_set = 1U << 14;
  EXPECT_EQ(of(check_container), Severity::ok) << "IPC_LOCK is of use";
  facts.process.no_new_privileges = false;
  facts.process.filtered = false;
  facts.host.root_writable = true;
  const Finding finding = check_container(config, facts);
  EXPECT_EQ(finding.severity, Severity::note);
  EXPECT_EQ(finding.fix, "--security-opt no-new-privileges --security-opt seccomp=builtin --read-only");
}

TEST_F(HostChecks, AHypervisorSeesEverything) {
  facts.kernel.virtual_machine = true;
  EXPECT_EQ(of(check_virtual_machine), Severity::note);
}

}  // namespace
}  // namespace lethe::doctor
