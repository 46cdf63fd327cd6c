#pragma once
#include <string>
#include <string_view>

#include "lockdown/step.hpp"

namespace lethe::start {

// One sentence for the operator: which step of the lock-down is missing, why, and how to allow it.
std::string advice(const lockdown::StepFailure& failure);
// The same for the broker's steps and the clean start, by name.
std::string advice(std::string_view step, std::string_view reason, std::string_view remedy = {});

}  // namespace lethe::start
