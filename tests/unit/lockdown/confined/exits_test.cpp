#include "unit/lockdown/confined/exits.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lockdown/probes.hpp"
#include "unit/lockdown/confined/child.hpp"
#include "unit/lockdown/confined/confined.hpp"

namespace lethe::lockdown {
namespace {

std::vector<Exit> all_exits() {
  std::vector<Exit> all;
  for (const auto part : {file_exits(), memory_exits(), socket_exits(), process_exits()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

struct Attempt {
  bool confined;
  int error;
};

// Everything stays open: the confinement is a best effort, for a strict one would not have begun.
ChildEnd<Attempt> attempt(const Exit& exit, const ExitScene& scene, bool confined, bool as_nobody) {
  constexpr bool keep_descriptors = true;
  return in_child(
      [&] {
        if (as_nobody && !become_nobody()) return Attempt{false, EPERM};
        Attempt made{};
        if (confined) {
          Confinement wanted = confinement();
          wanted.strict = false;
          const Sealed sealed = confine_and_seal(wanted);
          made.confined = sealed.protections.seccomp && sealed.protections.self_test && sealed.protections.landlock;
          if (!made.confined) return made;
        }
        made.error = exit.attempt(scene);
        return made;
      },
      keep_descriptors);
}

std::string words(int error) { return error == killed ? "killed" : ::strerrorname_np(error); }

void expect_closed(bool as_nobody) {
  const auto exits = all_exits();
  EXPECT_GE(exits.size(), 90U);
  for (const Exit& exit : exits) {
    const ExitScene scene;
    const auto end = attempt(exit, scene, true, as_nobody);
    if (exit.expected == killed) {
      EXPECT_EQ(end.signal, SIGSYS) << exit.name;
      continue;
    }
    ASSERT_TRUE(end.report && end.report->confined) << exit.name << ", signal " << end.signal;
    EXPECT_EQ(words(end.report->error), words(exit.expected)) << exit.name;
  }
}

TEST(Exits, AreClosedToTheUserThatStartedTheProcess) { expect_closed(false); }

TEST(Exits, AreClosedToAUserWithoutPrivileges) {
  if (::getuid() != 0) GTEST_SKIP() << "the test before this one was that";
  expect_closed(true);
}

// The same attempts get out of a process that is not confined: else the tests above would prove nothing.
TEST(Exits, AreOpenWithoutTheConfinement) {
  int open = 0;
  for (const Exit& exit : all_exits()) {
    const ExitScene scene;
    const auto end = attempt(exit, scene, false, false);
    const bool out = end.report && end.report->error == 0;
    open += out;
    if (exit.open_to == OpenTo::some || (exit.open_to == OpenTo::root && ::getuid() != 0)) continue;
    EXPECT_TRUE(out) << exit.name << ": " << (end.report ? words(end.report->error) : "no report");
  }
  RecordProperty("open", open);
}

// What the self-test tries must be answered otherwise where there is no filter: else it could not fail.
TEST(Probes, AreAnsweredOtherwiseWithoutTheFilter) {
  for (const Probe& probe : probes()) {
    const auto end = in_child([&] { return probe.attempt() == -1 ? errno : 0; });
    ASSERT_TRUE(end.report) << probe.name;
    EXPECT_NE(*end.report, probe.expected) << probe.name;
  }
}

}  // namespace
}  // namespace lethe::lockdown
