#pragma once
// Reports such as an audit makes, for tests.
#include <string>

#include "audit/report/report.hpp"

namespace lethe::audit::samples {

// A full audit in which all is as it must be; judged.
Report passing();
// The same, with payload blocks left in the heap, a field in an extended attribute, and a leak that the lock-down lets through.
Report failing();
// The same, with a detector that was not armed, one that was blind, a silent control, and no blind trial.
Report inconclusive();
// Each text of `report` replaced by one that would break out of HTML, XML, JSON, Markdown and a terminal.
Report hostile();
extern const std::string hostile_text;

}  // namespace lethe::audit::samples
