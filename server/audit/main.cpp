// lethe-audit: whether a relay forgets, found out from outside.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>

#include "audit/audit.hpp"
#include "audit/report/explain.hpp"
#include "audit/report/verify.hpp"
#include "audit/stage/guard.hpp"
#include "audit/stage/interrupt.hpp"
#include "audit/stage/work_directory.hpp"

namespace {

using namespace lethe::audit;

unsigned terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

// The audit itself; `work` is its own memory's directory.
int run(const AuditOptions& options, const Namespaces& namespaces, const std::string& work) {
  AuditScreen screen{terminal_width()};
  const Report report = run_audit(options, namespaces, work, screen);
  std::printf("\n%s\n", std::string{name(report.verdict)}.c_str());
  for (const std::string& reason : report.reasons) std::printf("  %s\n", reason.c_str());
  for (const NotChecked& left : report.not_checked) std::printf("  Not checked: %s (%s).\n", left.what.c_str(), left.why.c_str());
  std::printf("Report: %s/report.html\n", options.report.c_str());
  return exit_status(report.verdict);
}

// What may go wrong, told to people.
int told(const std::function<int()>& work) {
  try {
    return work();
  } catch (const Interrupted&) {
    std::fputs("lethe-audit: stopped; no report was written\n", stderr);
    return 130;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "lethe-audit: %s\n", failure.what());
    return 2;
  }
}

// A running relay stays where it is, and the auditor goes to it.
Namespaces namespaces_for(const AuditOptions& options) {
  if (options.pid == 0) return enter_namespaces();
  Namespaces its;
  its.root = ::geteuid() == 0;
  its.network = enter_network_of(options.pid);
  return its;
}

int carry_out(const AuditOptions& options) {
  switch (options.verb) {
    case Verb::explain: return explain(options.path, std::cout);
    case Verb::verify: return verify(options.path, std::cout);
    case Verb::run: break;
  }
  const Namespaces namespaces = namespaces_for(options);
  const WorkDirectory work{namespaces.mounts};
  return guarded([&] { return told([&] { return run(options, namespaces, work.path()); }); });
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto read = read_options(words);
  if (const auto* leave = std::get_if<Leave>(&read)) {
    std::fputs(leave->text.c_str(), leave->status == 0 ? stdout : stderr);
    return leave->status;
  }
  return told([&] { return carry_out(std::get<AuditOptions>(read)); });
}
