#pragma once
// Numbers, times and findings in words, the same in every view of a report.
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "audit/report/report.hpp"

namespace lethe::audit {

std::string grouped(std::uint64_t number);                        // 1,234,567
std::string counted(std::uint64_t number, std::string_view noun);  // «1 look», «2 looks»
std::string duration_in_words(std::chrono::microseconds time);    // 850 µs, 12.3 ms, 1.52 s, 2 min 3 s, 1 h 5 min
std::string percent(double share);                                // of 1, one decimal: «10.0 %»
std::string full_name(Detector detector);                         // «P3 memory»
std::string listed(std::span<const Detector> detectors);          // «P1 filter, P2 tree and P2 swap»
// «audit-3, acknowledged: P3 memory: sentence (place; count 4)»
std::string sentence_of(const TrialReport& trial, const Finding& finding);
// Where a finding is: its phase, or «whole trial».
std::string moment_of(const Finding& finding);

}  // namespace lethe::audit
