#pragma once
#include <iosfwd>
#include <string>

namespace lethe::audit {

// Tells a report.json on a terminal, in about 40 lines of at most 100 columns: the verdict and why, what was looked at, what was
// not, what it means and what to do next. `path` is the file or its directory. What the report says is shown as printable()
// has it, so it can't steer the terminal. Returns 0; 1 where it can't be read or is no report, with a line that says so.
int explain(const std::string& path, std::ostream& out);

}  // namespace lethe::audit
