#include "audit/report/control_marks.hpp"

#include <algorithm>

namespace lethe::audit {

bool expects(const Control& control, Detector detector) noexcept {
  return std::find(control.expected.begin(), control.expected.end(), detector) != control.expected.end();
}

bool saw(const ControlResult& result, Detector detector) noexcept {
  return std::find(result.seen_by.begin(), result.seen_by.end(), detector) != result.seen_by.end();
}

std::vector<Detector> blind_detectors(const ControlResult& result) {
  std::vector<Detector> blind;
  for (const auto detector : result.control->expected) {
    if (!saw(result, detector)) blind.push_back(detector);
  }
  return blind;
}

// A control for which nothing is expected proves nothing.
bool proved(const ControlResult& result) {
  return result.leaked && !result.control->expected.empty() && blind_detectors(result).empty();
}

bool escaped(const ControlResult& result) noexcept {
  return result.escaped && !result.control->resident;
}

bool prevention_untried(const ControlResult& result) noexcept {
  return !result.control->resident && !result.escaped && !(result.prevented && result.leaked);
}

std::vector<Detector> detectors_without_control(const Report& report) {
  std::vector<Detector> untried;
  for (std::size_t index = 0; index < detector_count; ++index) {
    const auto detector = static_cast<Detector>(index);
    const bool tried = std::any_of(report.controls.begin(), report.controls.end(), [detector](const ControlResult& result) {
      return expects(*result.control, detector);
    });
    if (!tried) untried.push_back(detector);
  }
  return untried;
}

ControlMarks marks_of(const Report& report) {
  ControlMarks marks;
  for (const auto& result : report.controls) {
    ++marks.run;
    if (proved(result)) ++marks.proved;
    if (result.control->resident) continue;
    ++marks.preventable;
    if (!escaped(result) && !prevention_untried(result)) ++marks.prevented;
  }
  return marks;
}

}  // namespace lethe::audit
