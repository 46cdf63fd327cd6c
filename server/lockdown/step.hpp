#pragma once
// The steps of the lock-down, in their order, and what a failed one leaves behind.
#include <boost/system/result.hpp>
#include <cstdint>
#include <string_view>

#include "base/protections.hpp"

namespace lethe::lockdown {

enum class Step : std::uint8_t {
  clean_environment, single_thread, closed_descriptors, resource_limits, capabilities, no_new_privileges, not_dumpable,
  no_executable_memory, memory_merging, landlock, starting_filter, process_limit, attestation, serving_filter, self_test
};

// As in the enumeration, with "-" for "_": for a log's closed grammar and for docs/lockdown.md.
std::string_view name(Step step) noexcept;

struct StepFailure {
  Step step;
  int error;   // errno of the step; of a self-test or an attestation: what was found instead (0: it was let through)
  // The probe or reading that failed, from a closed list; empty for the other steps. Lives as long as the program.
  std::string_view detail{};
};

// For Confined::value() while starting: throws std::runtime_error "lock-down: <step>[ (<detail>)]: <text of errno>".
[[noreturn]] void throw_exception_from_error(const StepFailure& failure, const boost::source_location&);

using Confined = boost::system::result<Protections, StepFailure>;

}  // namespace lethe::lockdown
