#pragma once
#include <optional>

#include "ops/endpoint.hpp"

namespace lethe::start {

// Asks the relay whose admin pages are there whether it is ready, and prints what it says: `ready`, `degraded` or `draining`, or on
// stderr why it could not be asked. Returns the program's exit status: 0 where the relay takes connections, else 1. Takes five
// seconds at most.
int tell_health(const std::optional<ops::Endpoint>& admin);

}  // namespace lethe::start
