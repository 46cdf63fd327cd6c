#pragma once
// The doctor's findings for people and for programs. docs/operations.md, «The doctor», describes both.
#include <optional>
#include <span>
#include <string>

#include "doctor/facts.hpp"
#include "doctor/finding.hpp"

namespace lethe::doctor {

// At most 80 columns but for lines that must stay whole (a fix), worst first.
std::string text_report(std::span<const Finding> findings, const Facts& facts);
// One JSON object, indented, with a line end.
std::string json_report(std::span<const Finding> findings, const Facts& facts, const std::string& version);

// 0: nothing but notes. 1: warnings. 2: something breaks the promise.
int exit_status(Severity worst) noexcept;

}  // namespace lethe::doctor
