// The program lethe-audit: runs a relay under the eyes of five probes, and tells, checks and explains what they saw.
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "audit/audit.hpp"
#include "audit/report/explain.hpp"
#include "audit/report/verify.hpp"
#include "audit/stage/guard.hpp"
#include "audit/stage/interrupt.hpp"
#include "audit/stage/tmpfs_directory.hpp"
#include "audit/stage/turn.hpp"

namespace {

using namespace lethe::audit;

constexpr int could_not_run = 2;
constexpr int stopped_by_a_signal = 130;

unsigned terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

Namespaces enter(const AuditOptions& options) {
  if (options.pid == 0) return enter_namespaces();
  Namespaces entered;
  entered.root = ::geteuid() == 0;
  entered.network = enter_network_of(options.pid);
  if (!entered.network) entered.why_not = "This user may not enter the network namespace of process " + std::to_string(options.pid) + ".";
  return entered;
}

void tell(const Report& report, const std::string& directory) {
  std::printf("\n%s\n", std::string{name(report.verdict)}.c_str());
  for (const std::string& reason : report.reasons) std::printf("  %s\n", reason.c_str());
  std::printf("Report: %s/report.html. What it means: lethe-audit explain %s\n", directory.c_str(), directory.c_str());
}

int audit(const AuditOptions& options) {
  notice_interrupts();
  try {
    // What is sought is in this process, too: it must not be what is found in swap. Who may not lock memory may not make swap either.
    (void)::mlockall(MCL_CURRENT | MCL_FUTURE);
    const Turn turn;
    const Namespaces namespaces = enter(options);
    const TmpfsDirectory work{namespaces.mounts};
    AuditScreen screen{terminal_width()};
    const Report report = run_audit(options, namespaces, work.path(), screen);
    tell(report, options.report);
    return exit_status(report.verdict);
  } catch (const Interrupted&) {
    std::fputs("lethe-audit: stopped; there is no report\n", stderr);
    return stopped_by_a_signal;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "lethe-audit: %s\n", failure.what());
    return could_not_run;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words{argv + 1, argv + argc};
  const auto read = read_options(words);
  if (const auto* leave = std::get_if<Leave>(&read)) {
    std::fputs(leave->text.c_str(), leave->status == 0 ? stdout : stderr);
    return leave->status;
  }
  const AuditOptions& options = std::get<AuditOptions>(read);
  switch (options.verb) {
    case Verb::explain: return explain(options.path, std::cout);
    case Verb::verify: return verify(options.path, std::cout);
    case Verb::run: break;
  }
  return guarded([&] { return audit(options); });
}
