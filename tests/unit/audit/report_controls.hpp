#pragma once
// Planted leaks for sample reports.
#include <span>

#include "audit/controls/control.hpp"

namespace lethe::audit::samples {

std::span<const Control> controls();

}  // namespace lethe::audit::samples
