#pragma once
// From the command line, the environment and the configuration file to a Config, or to what the program prints and ends
// with instead.
#include <string>
#include <variant>

#include "ops/config.hpp"
#include "ops/environment.hpp"

namespace lethe::ops {

// Print `text` (whole lines) and end. Status 0: what was asked for (--help, …). Status 2: one line for stderr that names
// what is wrong.
struct ExitNow {
  int status = 0;
  std::string text;
  bool to_stderr = false;
};

// Flags win over the environment, that over the file, that over the defaults. Opens no file but the configuration file.
std::variant<Config, ExitNow> parse_command_line(int argc, const char* const* argv, Environment environment);

}  // namespace lethe::ops
