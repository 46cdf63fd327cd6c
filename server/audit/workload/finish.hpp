#pragma once
// The end of a trial, as its scenario wants it.
#include <functional>

#include "audit/workload/play.hpp"

namespace lethe::audit {

// Holds at `drained` where the ending has that, and returns when the relay has ended. What is sent here is not expected to arrive.
void finish(Play& play, const std::function<void(Phase)>& hold);

}  // namespace lethe::audit
