#pragma once
#include <string>

#include "ops/config.hpp"

namespace lethe::start {

// What the relay reads before it shuts itself in; empty where the configuration names none. Overwritten at its end.
struct StartFiles {
  std::string certificate;
  std::string key;
  std::string admission_key;

  StartFiles() = default;
  StartFiles(StartFiles&&) = default;
  StartFiles& operator=(StartFiles&&) = delete;
  ~StartFiles();
};

// Throws std::runtime_error with one sentence that names the option.
StartFiles read_start_files(const ops::Config& config);

}  // namespace lethe::start
