#include "audit/stage/run_to_end.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "audit/stage/output_reader.hpp"
#include "audit/stage/start_child.hpp"

namespace lethe::audit {
namespace {

bool in_flag(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; }

std::string found_in_path(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders{path != nullptr ? path : "/usr/bin:/bin"};
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string candidate = folder + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return name;
}

}  // namespace

Ended run_to_end(const Launch& launch) {
  OutputReader output;
  const pid_t child = start_child(launch, output.out_end(), output.err_end());
  output.started();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output.out(), output.err()};
}

Ended run_program(const std::vector<std::string>& words) {
  Launch launch;
  launch.program = words.front().find('/') == std::string::npos ? found_in_path(words.front()) : words.front();
  launch.arguments.assign(words.begin() + 1, words.end());
  for (char* const* variable = environ; *variable != nullptr; ++variable) launch.environment.emplace_back(*variable);
  return run_to_end(launch);
}

std::vector<std::string> known_flags(Launch launch) {
  launch.arguments.push_back("--help");
  const std::string help = run_to_end(launch).out;
  std::vector<std::string> flags;
  for (std::size_t at = help.find("--"); at != std::string::npos; at = help.find("--", at)) {
    at += 2;
    const auto end = std::find_if_not(help.begin() + static_cast<std::ptrdiff_t>(at), help.end(), in_flag);
    const std::string name{help.begin() + static_cast<std::ptrdiff_t>(at), end};
    if (!name.empty() && std::ranges::find(flags, name) == flags.end()) flags.push_back(name);
  }
  return flags;
}

}  // namespace lethe::audit
