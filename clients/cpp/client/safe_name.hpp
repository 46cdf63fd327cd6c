#pragma once
// File names that strangers chose.
#include <string>
#include <string_view>

namespace lethe::client {

// A name for one file in a directory of ours: the last step of any path (`/` and `\`), without control characters, invalid
// UTF-8, direction overrides or a leading dot, at most 200 bytes, never empty.
std::string safe_name(std::string_view name);

// `report.pdf`, 2 -> `report (2).pdf`; 1 gives the name itself.
std::string numbered_name(const std::string& name, unsigned number);

// Text for a terminal: control characters other than line breaks and tabs, and invalid UTF-8, become `?`.
std::string safe_text(std::string_view text);

}  // namespace lethe::client
