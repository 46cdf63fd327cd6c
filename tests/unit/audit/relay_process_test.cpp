// With a shell in the place of the relay.
#include "audit/stage/relay_process.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

#include "audit/stage/run_to_end.hpp"

namespace lethe::audit {
namespace {

constexpr const char* listens = "echo 't info admin_listening port=7'; echo 't info listening port=9'; ";

Launch shell(const std::string& script) {
  Launch launch;
  launch.program = "/bin/sh";
  launch.arguments = {"-c", script};
  launch.environment = {"PATH=/usr/bin:/bin"};
  return launch;
}

TEST(RelayProcess, ReadsItsPortsFromEitherFormOfTheLog) {
  const RelayProcess text{shell(std::string{listens} + "exec sleep 60")};
  EXPECT_EQ(text.port(), 9);
  EXPECT_EQ(text.admin_port(), 7);
  const RelayProcess json{shell(R"(echo '{"event":"listening","port":11}'; exec sleep 60)")};
  EXPECT_EQ(json.port(), 11);
  EXPECT_EQ(json.admin_port(), 0);
}

TEST(RelayProcess, SaysWhatItWroteWhereItDoesNotComeUp) {
  try {
    const RelayProcess relay{shell("echo so far; echo not further >&2; exit 1")};
    FAIL() << "it came up";
  } catch (const std::runtime_error& failure) {
    EXPECT_NE(std::string{failure.what()}.find("so far"), std::string::npos);
    EXPECT_NE(std::string{failure.what()}.find("not further"), std::string::npos);
  }
}

TEST(RelayProcess, KeepsEverythingThatWasWrittenUntilTheEnd) {
  RelayProcess relay{shell(std::string{listens} + "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; echo bad >&2")};
  EXPECT_EQ(WEXITSTATUS(relay.wait()), 0);
  EXPECT_TRUE(relay.out().ends_with("line 1999\n"));
  EXPECT_EQ(relay.err(), "bad\n");
}

TEST(RelayProcess, KnowsItsDescendantsAndThoseThatLostTheirParent) {
  // The inner shell ends at once and leaves its child to the subreaper, in a session of its own.
  RelayProcess relay{shell("sleep 61 & sh -c 'setsid sleep 62 & exit 0'; " + std::string{listens} + "exec sleep 63")};
  EXPECT_EQ(relay.pids().size(), 3U);
  relay.signal(SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(relay.wait()));
  EXPECT_EQ(relay.pids().size(), 2U);
}

TEST(RelayProcess, TakesEverybodyAlongAtItsEnd) {
  std::vector<pid_t> processes;
  {
    const RelayProcess relay{shell("sleep 61 & sh -c 'setsid sleep 62 & exit 0'; " + std::string{listens} + "exec sleep 63")};
    processes = relay.pids();
  }
  ASSERT_EQ(processes.size(), 3U);
  for (const ProcessEntry& entry : all_processes()) {
    if (entry.state == 'Z') continue;   // ended; its new parent will know
    EXPECT_EQ(std::ranges::find(processes, entry.pid), processes.end());
  }
}

TEST(RelayProcess, RunsTheStepsOfItsLaunchBeforeTheProgram) {
  Launch launch = shell("cat <&7 && " + std::string{listens} + "exec sleep 60");
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "handed over\n", 12), 12);
  ::close(ends[1]);
  launch.in_child.push_back([from = ends[0]] { ::dup2(from, 7); });
  const RelayProcess relay{launch};
  EXPECT_NE(relay.out().find("handed over"), std::string::npos);
  ::close(ends[0]);
}

TEST(RelayProcess, InheritsNothingElse) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);   // not closed on exec
  const Ended listed = run_to_end(shell("ls /proc/self/fd"));
  EXPECT_EQ(listed.out, "0\n1\n2\n3\n");   // 3 is the listed directory itself
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(RelayProcess, SaysWhetherThereIsSuchAProgram) {
  Launch launch;
  launch.program = "/nowhere/lethe";
  EXPECT_EQ(run_to_end(launch).status, 127);
}

TEST(KnownFlags, AreReadFromTheHelp) {
  Launch launch;
  launch.program = "/bin/echo";
  launch.arguments = {"  --tls.minimum TEXT:{1.2,1.3}  Lowest.\n  -h,--config FILE"};
  EXPECT_EQ(known_flags(launch), (std::vector<std::string>{"tls.minimum", "config", "help"}));
}

}  // namespace
}  // namespace lethe::audit
