#pragma once
// Forbidden calls, tried: each must be refused with the errno that the filter gives, and no other.
#include <optional>
#include <span>
#include <string_view>

#include "lockdown/writable.hpp"

namespace lethe::lockdown {

struct ProbeFailure {
  std::string_view probe;   // its name; "write" and "long-write" for the calls that depend on `writable`
  int error;                // what came instead; 0: the call went through
};

// Only under the serving filter. `writable` is what that was built with. Nullopt: all were refused.
std::optional<ProbeFailure> self_test(std::span<const Writable> writable) noexcept;

}  // namespace lethe::lockdown
