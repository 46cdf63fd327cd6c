#include "lockdown/step.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <system_error>

namespace lethe::lockdown {
namespace {

constexpr std::array<std::string_view, 15> names{
    "clean-environment", "single-thread", "closed-descriptors", "resource-limits", "capabilities", "no-new-privileges",
    "not-dumpable", "no-executable-memory", "memory-merging", "landlock", "starting-filter", "process-limit",
    "attestation", "serving-filter", "self-test"};
static_assert(names.size() == static_cast<std::size_t>(Step::self_test) + 1);

}  // namespace

std::string_view name(Step step) noexcept { return names[static_cast<std::size_t>(step)]; }

void throw_exception_from_error(const StepFailure& failure, const boost::source_location&) {
  std::string text = "lock-down: ";
  text += name(failure.step);
  if (!failure.detail.empty()) text.append(" (").append(failure.detail).append(")");
  throw std::runtime_error{text + ": " + std::generic_category().message(failure.error)};
}

}  // namespace lethe::lockdown
