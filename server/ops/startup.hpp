#pragma once
// From the command line, the environment and the configuration file to a Config, or to what the program does instead of a
// start.
#include <optional>
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

// Ask the relay that runs with this configuration whether it is ready, and end (--health).
struct HealthQuestion {
  std::optional<Endpoint> admin;   // absent: it has no admin pages to ask
};

// Look at the host and the configuration, and end (--doctor).
struct DoctorQuestion {
  Config config;
  std::string file;   // the configuration file's path as given; empty: none
  bool json = false;
};

using Startup = std::variant<Config, ExitNow, HealthQuestion, DoctorQuestion>;

// The file that a start with these reads; empty: none. Throws ConfigError, as the next does.
std::string configuration_file(int argc, const char* const* argv, Environment environment);
// What a start with these would have, as the file is now.
Config configuration(int argc, const char* const* argv, Environment environment);

// Flags win over the environment, that over the file, that over the defaults. Opens no file but the configuration file.
Startup parse_command_line(int argc, const char* const* argv, Environment environment);

}  // namespace lethe::ops
