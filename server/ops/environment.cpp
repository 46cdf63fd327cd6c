#include "ops/environment.hpp"

#include <algorithm>
#include <regex>
#include <string_view>

#include "ops/config_error.hpp"
#include "ops/option_value.hpp"
#include "ops/options.hpp"

namespace lethe::ops {
namespace {

constexpr std::string_view kConfigVariable = "LETHE_CONFIG";
constexpr std::string_view kCleanStart = "LETHE_CLEAN_START";   // the program's own mark: lockdown/clean_start.cpp

struct Variable {
  std::string_view name;
  std::string_view value;
};

// The name is empty where the entry has none.
Variable split(std::string_view entry) {
  const auto equals = entry.find('=');
  if (equals == entry.npos) return {};
  return {entry.substr(0, equals), entry.substr(equals + 1)};
}

// https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
bool is_service_link(const Variable& variable) {
  static const std::regex address{
      "LETHE_(.*_)?(SERVICE_(HOST|PORT(_.*)?)|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"};
  const std::string name{variable.name};
  if (std::regex_match(name, address)) return true;
  return name.ends_with("_PORT") && (variable.value.starts_with("tcp://") || variable.value.starts_with("udp://"));
}

const Option* find(std::string_view variable) {
  const auto found = std::ranges::find(options(), variable, [](const Option& option) { return variable_name(option.name); });
  return found == options().end() ? nullptr : &*found;
}

void read_variable(const Variable& variable, Config& config) {
  const Option* option = find(variable.name);
  if (option == nullptr && is_service_link(variable)) return;
  if (option == nullptr) throw ConfigError{variable.name, "no such option; lethe --help lists them"};
  try {
    set_from_text(*option, variable.value, config);
  } catch (const ConfigError& error) {
    throw ConfigError{variable.name, error.what()};
  }
}

}  // namespace

std::optional<std::string> config_path(Environment environment) {
  for (; *environment != nullptr; ++environment) {
    const auto [name, value] = split(*environment);
    if (name == kConfigVariable && !value.empty()) return std::string{value};
  }
  return std::nullopt;
}

void read_environment(Environment environment, Config& config) {
  for (; *environment != nullptr; ++environment) {
    const Variable variable = split(*environment);
    const bool option = variable.name.starts_with("LETHE_") && variable.name != kConfigVariable && variable.name != kCleanStart;
    if (option) read_variable(variable, config);
  }
}

}  // namespace lethe::ops
