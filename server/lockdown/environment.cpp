#include "lockdown/environment.hpp"

#include <algorithm>
#include <array>

namespace lethe::lockdown {
namespace {

constexpr std::array<std::string_view, 5> names{"PATH", "HOME", "TZ", "LANG", "LANGUAGE"};
constexpr std::array<std::string_view, 2> prefixes{"LETHE_", "LC_"};

}  // namespace

bool is_kept(std::string_view variable) noexcept {
  const std::size_t end = variable.find('=');
  if (end == std::string_view::npos) return false;
  const std::string_view name = variable.substr(0, end);
  return std::ranges::find(names, name) != names.end() ||
         std::ranges::any_of(prefixes, [name](std::string_view prefix) { return name.starts_with(prefix); });
}

std::vector<char*> kept_variables(char* const* environment) {
  std::vector<char*> kept;
  for (; *environment != nullptr; ++environment) {
    if (is_kept(*environment)) kept.push_back(*environment);
  }
  kept.push_back(nullptr);
  return kept;
}

}  // namespace lethe::lockdown
