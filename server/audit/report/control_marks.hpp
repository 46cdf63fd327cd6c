#pragma once
// What the results of the controls come to.
#include <cstddef>
#include <vector>

#include "audit/report/report.hpp"

namespace lethe::audit {

bool expects(const Control& control, Detector detector) noexcept;
bool saw(const ControlResult& result, Detector detector) noexcept;
// The expected detectors that did not see the leak.
std::vector<Detector> blind_detectors(const ControlResult& result);
// Leaked with the lock-down off, and each expected detector saw it.
bool proved(const ControlResult& result);
// Succeeded with the lock-down on, and is of those that the lock-down has to stop.
bool escaped(const ControlResult& result) noexcept;
// It is of those, and nothing shows that it was stopped: not tried, or it leaks under no condition.
bool prevention_untried(const ControlResult& result) noexcept;

// Those that no control of the report expects: nothing shows that they see.
std::vector<Detector> detectors_without_control(const Report& report);

struct ControlMarks {
  std::size_t run = 0;
  std::size_t proved = 0;
  std::size_t preventable = 0;   // those that aren't resident
  std::size_t prevented = 0;     // of these, those that leak where nothing prevents it
};
ControlMarks marks_of(const Report& report);

}  // namespace lethe::audit
