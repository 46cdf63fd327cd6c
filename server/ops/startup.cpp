#include "ops/startup.hpp"

#include "ops/command_line.hpp"
#include "ops/config_error.hpp"
#include "ops/config_file.hpp"
#include "ops/config_rules.hpp"
#include "ops/option_value.hpp"
#include "ops/options_page.hpp"
#include "ops/version.hpp"

namespace lethe::ops {
namespace {

std::string file_of(const CommandLine& line, Environment environment) {
  return line.config ? *line.config : config_path(environment).value_or("");
}

Config load(const CommandLine& line, Environment environment) {
  Config config;
  const auto path = line.config ? line.config : config_path(environment);
  if (path && path->empty()) throw ConfigError{"--config", "needs the path of a file"};
  if (path) read_config_file(*path, config);
  read_environment(environment, config);
  for (const auto& [option, text] : line.values) set_from_text(*option, text, config);
  check_rules(config);
  config.take_over = line.take_over;
  if (config.take_over && config.hand_over.empty()) throw ConfigError{"--take-over", "needs hand_over: where the running relay listens"};
  return config;
}

Startup start(const CommandLine& line, Environment environment) {
  switch (line.request) {
    case Request::help: return ExitNow{.text = line.help};
    case Request::version: return ExitNow{.text = version_line() + "\n"};
    case Request::options_page: return ExitNow{.text = options_page()};
    case Request::run: case Request::health: case Request::doctor: case Request::check_config: case Request::print_config: break;
  }
  Config config = load(line, environment);
  if (line.request == Request::check_config) return ExitNow{.text = "lethe: the configuration is good\n"};
  if (line.request == Request::print_config) return ExitNow{.text = config_text(config)};
  if (line.request == Request::health) return HealthQuestion{config.admin};
  if (line.request == Request::doctor) {
    return DoctorQuestion{std::move(config), file_of(line, environment), line.json};
  }
  return config;
}

}  // namespace

std::string configuration_file(int argc, const char* const* argv, Environment environment) {
  return file_of(read_command_line(argc, argv), environment);
}

Config configuration(int argc, const char* const* argv, Environment environment) {
  return load(read_command_line(argc, argv), environment);
}

Startup parse_command_line(int argc, const char* const* argv, Environment environment) {
  try {
    return start(read_command_line(argc, argv), environment);
  } catch (const ConfigError& error) {
    return ExitNow{.status = 2, .text = std::string{"lethe: "} + error.what() + "\n", .to_stderr = true};
  }
}

}  // namespace lethe::ops
