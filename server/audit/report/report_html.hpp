#pragma once
#include <string>

#include "audit/report/report.hpp"

namespace lethe::audit {

// report.html: one page for people, complete in itself: no script, nothing loaded from elsewhere (its content security policy
// forbids both), light and dark, for paper, and for screens from 360 pixels. Every finding, control, reason and file of the
// report is in it. All text of the report is escaped, and shown as printable() has it. `<html data-verdict>` has the verdict.
std::string report_html(const Report& report);

}  // namespace lethe::audit
