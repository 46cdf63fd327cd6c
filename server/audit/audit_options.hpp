#pragma once
// The command line of lethe-audit.
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace lethe::audit {

enum class Verb : std::uint8_t { run, explain, verify };

struct AuditOptions {
  Verb verb = Verb::run;
  std::string path;                  // explain: a report.json; verify: a report's directory

  // What is audited: one of these, or none: the `lethe` beside this program.
  std::string binary;
  std::string image;
  pid_t pid = 0;
  std::optional<std::uint64_t> seed; // absent: a random one
  std::string report = "lethe-audit-report";
  bool full = false;
  std::string controls;              // directory of the programs with planted leaks; empty: beside this program's, if there
  std::vector<std::string> flags;    // of the relay, after «--»
};

// The program ends with this instead.
struct Leave {
  std::string text;
  int status = 0;                    // 0 for --help and --version, 2 for a wrong command line
};

// `words`: without the program's name.
std::variant<AuditOptions, Leave> read_options(std::span<const std::string> words);

}  // namespace lethe::audit
