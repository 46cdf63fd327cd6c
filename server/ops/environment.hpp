#pragma once
// Options from environment variables: LETHE_ and the option's name in upper case, dots as underscores.
#include <optional>
#include <string>

#include "ops/config.hpp"

namespace lethe::ops {

// An environment as main gets it: «NAME=value» strings, then nullptr.
using Environment = const char* const*;

// The value of LETHE_CONFIG, unless it is empty: the configuration file where no flag names one.
std::optional<std::string> config_path(Environment environment);

// Sets what the variables say. A LETHE_… variable that names no option throws ConfigError, but for those that Kubernetes
// and Docker make for a service called «lethe» (LETHE_SERVICE_HOST, LETHE_PORT=tcp://…).
void read_environment(Environment environment, Config& config);

}  // namespace lethe::ops
