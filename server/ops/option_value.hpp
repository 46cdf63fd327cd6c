#pragma once
// Reading and writing the value of an option, in JSON and as text (flags and environment variables).
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "ops/option.hpp"

namespace lethe::ops {

// Set the option or throw ConfigError with a line that names it and says what it must be. As text, a list is separated by
// commas and a flag is true or false.
void set_from_text(const Option& option, std::string_view text, Config& config);
void set_from_json(const Option& option, const nlohmann::json& json, Config& config);

// What the configuration file would hold for it.
nlohmann::ordered_json to_json(const Option& option, const Config& config);

// «must be a whole number from 1 to 5».
std::string requirement(const Option& option);

// «64KiB» or «65536» → 65536. Whole numbers of bytes, KiB, MiB, GiB, TiB; nothing else.
bool parse_size(std::string_view text, std::uint64_t& size);
// The shortest form that parse_size reads.
std::string size_text(std::uint64_t size);

}  // namespace lethe::ops
