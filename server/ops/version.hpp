#pragma once
// What this program is.
#include <string>
#include <string_view>

namespace lethe::ops {

// The project's version, such as 0.1.0.
std::string_view version() noexcept;
// The commit that it was built from, 12 hex digits, with «+changes» where files differed from it; «unknown» outside a
// checkout.
std::string_view revision() noexcept;
// The linker's build id of the running program in lower-case hex: a digest of its contents, the same for the same build.
// Empty where the linker made none.
std::string build_id();

// One line of all of them, without a line end.
std::string version_line();

}  // namespace lethe::ops
