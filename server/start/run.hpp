#pragma once
#include "ops/config.hpp"

namespace lethe::start {

// The relay in a process of its own beside its broker, both shut in. `arguments` and `environment` are main's. Returns the
// program's exit status, in both processes. Throws std::runtime_error with one sentence where it can't start.
int run_locked_down(const ops::Config& config, char* const* arguments, char** environment);
// All in one process, which is not shut in.
int run_alone(const ops::Config& config, char* const* arguments, char** environment);

}  // namespace lethe::start
