#pragma once
// The configuration file: one JSON object whose sections nest like the options' names. Strict: an unknown or repeated key
// or a value that doesn't fit stops the start.
#include <string>
#include <string_view>

#include "ops/config.hpp"

namespace lethe::ops {

// A file is at most 1 MiB. Throws ConfigError, as the next does.
void read_config_file(const std::string& path, Config& config);
// `file` names the text in complaints about the whole of it.
void read_config_text(std::string_view text, std::string_view file, Config& config);

// The whole configuration as such a file would hold it, indented, with a line end. Holds paths of keys, never keys.
std::string config_text(const Config& config);

}  // namespace lethe::ops
