#pragma once
// docs/configuration.md, from the options and rules. The committed page is this program's own output; a test compares them.
#include <string>

namespace lethe::ops {

std::string options_page();

}  // namespace lethe::ops
