#include "ops/config_error.hpp"

namespace lethe::ops {

ConfigError::ConfigError(std::string_view option, std::string_view complaint)
    : std::runtime_error{printable(option) + ": " + std::string{complaint}} {}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string result{text.substr(0, longest)};
  for (char& c : result) {
    if (c < ' ' || c > '~') c = '?';
  }
  if (text.size() > longest) result += "...";
  return result;
}

}  // namespace lethe::ops
