// What an auditor sees: the filters of a running process, read from the kernel.
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include <gtest/gtest.h>

#include "unit/lockdown/confined/child.hpp"
#include "unit/lockdown/confined/confined.hpp"

namespace lethe::lockdown {
namespace {

FilterProgram filter_of(pid_t process, unsigned index) {
  const long count = ::ptrace(PTRACE_SECCOMP_GET_FILTER, process, index, nullptr);
  if (count <= 0) return {};
  FilterProgram program(static_cast<std::size_t>(count));
  (void)::ptrace(PTRACE_SECCOMP_GET_FILTER, process, index, program.data());
  return program;
}

// Oldest first; a container may have put some of its own before.
std::vector<FilterProgram> filters_of(pid_t process) {
  std::vector<FilterProgram> all;
  for (FilterProgram next; !(next = filter_of(process, static_cast<unsigned>(all.size()))).empty();) all.push_back(next);
  return all;
}

TEST(LiveFilter, IsTheOneThatWasBuiltOnTopOfTheStartingOne) {
  if (::getuid() != 0) GTEST_SKIP() << "reading filters needs root";
  int ready[2];
  int stay[2];   // the child reads what nobody writes
  ASSERT_EQ(::pipe(ready) + ::pipe(stay), 0);
  const Confinement wanted = confinement({{ready[1], 1}});
  const pid_t child = fork_child();
  if (child == 0) {
    Confinement best_effort = wanted;
    best_effort.strict = false;   // the parent's descriptors are open
    if (!confine_and_seal(best_effort).protections.self_test || ::write(ready[1], "", 1) != 1) _exit(1);
    char byte = 0;
    (void)!::read(stay[0], &byte, 1);
    _exit(0);
  }
  ::close(ready[1]);
  char byte = 1;
  EXPECT_EQ(::read(ready[0], &byte, 1), 1);
  std::vector<FilterProgram> filters;
  const bool seized = ::ptrace(PTRACE_SEIZE, child, nullptr, nullptr) == 0 && ::ptrace(PTRACE_INTERRUPT, child, nullptr, nullptr) == 0;
  if (seized) {
    ::waitpid(child, nullptr, __WALL);
    filters = filters_of(child);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, __WALL);
  for (const int end : {ready[0], stay[0], stay[1]}) ::close(end);
  if (!seized || filters.empty()) GTEST_SKIP() << "this kernel or container doesn't show filters";
  ASSERT_GE(filters.size(), 2U);
  EXPECT_TRUE(std::ranges::equal(bytes_of(filters[filters.size() - 2]), bytes_of(wanted.starting)));
  EXPECT_TRUE(std::ranges::equal(bytes_of(filters.back()), bytes_of(wanted.serving)));
}

}  // namespace
}  // namespace lethe::lockdown
