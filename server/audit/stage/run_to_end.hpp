#pragma once
// A program run to its end, with what it wrote.
#include <string>
#include <vector>

#include "audit/stage/launch.hpp"

namespace lethe::audit {

struct Ended {
  int status = -1;          // exit status; 127: there is no such program; -1: a signal ended it
  std::string out;
  std::string err;
};

// Waits as long as it takes. Throws std::runtime_error where nothing can be started at all.
Ended run_to_end(const Launch& launch);
// The same for a program of this machine, looked for in PATH, with the auditor's environment.
Ended run_program(const std::vector<std::string>& words);

// The names of the flags that the relay's --help shows, without their dashes.
std::vector<std::string> known_flags(Launch launch);

}  // namespace lethe::audit
