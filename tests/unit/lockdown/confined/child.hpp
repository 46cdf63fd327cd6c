#pragma once
// A child process for what can't be undone: it is confined, and says by a pipe what it saw.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <stdexcept>
#include <type_traits>

namespace lethe::lockdown {

// The reporting end of the pipe in the child: the only descriptor that it has beside 0, 1 and 2.
constexpr int report_pipe = 100;

template <class Report>
struct ChildEnd {
  std::optional<Report> report;   // none where it ended before it could say anything
  int signal = 0;                 // that ended it; 0: it left by itself
};

// fork(2), but the child doesn't outlive a test that is stopped.
inline pid_t fork_child() {
  const pid_t child = ::fork();
  if (child == 0) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return child;
}

// Runs `act` in a child, without the parent's descriptors from 3 on unless they shall be kept. `act` returns a Report, which
// goes to the pipe in one write.
template <class Act>
auto in_child(const Act& act, bool keep_descriptors = false) {
  using Report = std::invoke_result_t<Act>;
  static_assert(std::is_trivially_copyable_v<Report>);
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error{"no pipe"};
  const pid_t child = fork_child();
  if (child < 0) throw std::runtime_error{"no child"};
  if (child == 0) {
    if (ends[1] != report_pipe) ::dup2(ends[1], report_pipe);
    if (!keep_descriptors) ::close_range(3, report_pipe - 1, 0);
    if (!keep_descriptors) ::close_range(report_pipe + 1, ~0U, 0);
    const Report report = act();
    _exit(::write(report_pipe, &report, sizeof report) == sizeof report ? 0 : 1);
  }
  ::close(ends[1]);
  ChildEnd<Report> end;
  Report report;
  if (::read(ends[0], &report, sizeof report) == sizeof report) end.report = report;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  return end;
}

}  // namespace lethe::lockdown
