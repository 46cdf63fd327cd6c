#pragma once
// The flags: --config and what the program can be asked instead of a start, and one for every option.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ops/option.hpp"

namespace lethe::ops {

enum class Request { run, health, doctor, help, version, check_config, print_config, options_page };

struct CommandLine {
  Request request = Request::run;
  bool json = false;                                              // --json: only with --doctor
  bool take_over = false;                                         // --take-over
  std::optional<std::string> config;                              // --config
  std::vector<std::pair<const Option*, std::string>> values;      // in the table's order; of a repeated flag the last
  std::string help;                                               // set for Request::help
};

// Values are not looked at yet. Throws ConfigError for an unknown flag, a flag without its value and a stray argument.
CommandLine read_command_line(int argc, const char* const* argv);

}  // namespace lethe::ops
