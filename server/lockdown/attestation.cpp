#include "lockdown/attestation.hpp"

#include <linux/seccomp.h>
#include <sys/prctl.h>

#include <array>

#include "lockdown/capabilities.hpp"
#include "lockdown/kernel.hpp"
#include "lockdown/resource_limits.hpp"

namespace lethe::lockdown {
namespace {

struct Reading {
  std::string_view name;
  bool Protections::* field;
  bool (*holds)();
  bool required;
};

int ask(int question) noexcept { return ::prctl(question, 0, 0, 0, 0); }

// Kernels differ in what they can (MDWE), and users in what they may (the bounding set): those two are only told.
constexpr std::array<Reading, 7> readings{{
    {"limits", &Protections::resource_limits, [] { return growth_is_forbidden() && processes_are_forbidden(); }, true},
    {"dumpable", &Protections::not_dumpable, [] { return ask(PR_GET_DUMPABLE) == 0; }, true},
    {"no-new-privs", &Protections::no_new_privileges, [] { return ask(PR_GET_NO_NEW_PRIVS) == 1; }, true},
    {"capabilities", &Protections::no_capabilities, holds_no_capability, true},
    {"bounding-set", &Protections::empty_bounding_set, bounding_set_is_empty, false},
    {"executable-memory", &Protections::no_executable_memory, [] { return ask(kernel::pr_get_mdwe) == 1; }, false},
    {"seccomp", &Protections::seccomp, [] { return ask(PR_GET_SECCOMP) == SECCOMP_MODE_FILTER; }, true},
}};

}  // namespace

std::string_view attest(Protections& protections) noexcept {
  std::string_view missing;
  for (const Reading& reading : readings) {
    const bool holds = reading.holds();
    protections.*reading.field = holds;
    if (!holds && reading.required && missing.empty()) missing = reading.name;
  }
  return missing;
}

}  // namespace lethe::lockdown
