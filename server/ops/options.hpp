#pragma once
// The table of all options, in the order in which they are printed.
#include <span>
#include <string>
#include <string_view>

#include "ops/option.hpp"

namespace lethe::ops {

std::span<const Option> options() noexcept;
// nullptr where there is none of that name.
const Option* find_option(std::string_view name) noexcept;
// The name of an option that `name` may be a slip of the pen for; empty where none is near.
std::string_view nearest_option(std::string_view name);
// «limits.message.payload» → «LETHE_LIMITS_MESSAGE_PAYLOAD».
std::string variable_name(std::string_view option);

}  // namespace lethe::ops
