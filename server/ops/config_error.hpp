#pragma once
// A start that can't go on because of what the operator asked for. The text is one line that names the option, without
// «lethe: » and without a line end.
#include <stdexcept>
#include <string>
#include <string_view>

namespace lethe::ops {

class ConfigError : public std::runtime_error {
 public:
  ConfigError(std::string_view option, std::string_view complaint);
};

// At most 80 characters of `text`, each that doesn't print replaced by «?»: an operator's slip can't break the line.
std::string printable(std::string_view text);

}  // namespace lethe::ops
