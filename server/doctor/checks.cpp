#include "doctor/checks.hpp"

#include <algorithm>

namespace lethe::doctor {
namespace {

constexpr Check all[] = {
    check_locked_memory, check_swap,          check_swapped,     check_secret_memory, check_core_dumps, check_crash_kernel,
    check_hibernation,   check_lockdown,      check_landlock,    check_seccomp,       check_container,  check_virtual_machine,
    check_memory_size,   check_messages,      check_open_files,  check_tcp,           check_connection_tracking,
    check_certificate,   check_key_file,      check_clock,       check_entropy,       check_log,        check_admin,
};

}  // namespace

std::span<const Check> checks() noexcept { return all; }

std::vector<Finding> examine(const ops::Config& config, const Facts& facts) {
  std::vector<Finding> findings;
  findings.reserve(std::size(all));
  for (const Check check : all) findings.push_back(check(config, facts));
  return findings;
}

Severity worst(std::span<const Finding> findings) noexcept {
  Severity severity = Severity::ok;
  for (const Finding& finding : findings) severity = std::max(severity, finding.severity);
  return severity;
}

}  // namespace lethe::doctor
