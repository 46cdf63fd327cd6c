#pragma once
#include <string>

#include "audit/report/report.hpp"

namespace lethe::audit {

// report.md: the report in a few pages of GitHub-flavoured Markdown, for a pull request or a terminal. It has the verdict, every
// reason, every finding that stands against a PASS, and the controls; of clean findings it has counts. Text of the report can
// make no markup of it.
std::string report_markdown(const Report& report);

}  // namespace lethe::audit
