#pragma once
// From the configuration to what the layers below take.
#include "identity/admission.hpp"
#include "net/relay_context.hpp"
#include "ops/config.hpp"
#include "ops/metrics.hpp"
#include "ops/predecessor.hpp"
#include "start/start_files.hpp"

namespace lethe::start {

// `predecessor`: whom it takes over from, or nullptr.
net::RelayOptions relay_options(const ops::Config& config, const StartFiles& files, const ops::Predecessor* predecessor);
// Throws std::runtime_error where the key is none.
identity::Admission admission(const ops::Config& config, const StartFiles& files);
ops::MetricNames metric_names();

}  // namespace lethe::start
