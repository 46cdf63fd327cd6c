#pragma once
// A picture of a workload's runs.
#include "bench/report.hpp"

namespace lethe::bench {

// An SVG of bars: the first figure, run by run, with its median; or, where the workload has percentiles of latencies, these, with
// their spread over the runs.
std::string to_svg(const std::string& title, const std::vector<Figures>& runs);

}  // namespace lethe::bench
