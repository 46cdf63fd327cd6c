#pragma once
#include <span>
#include <string_view>

namespace lethe::lockdown {

// A forbidden call. Its arguments are such that a kernel without the filter answers otherwise than `expected`, and that
// nothing is left behind if it does.
struct Probe {
  std::string_view name;   // for the log and docs/lockdown.md; lives as long as the program
  int expected;            // errno
  long (*attempt)();       // -1 with errno: refused
};

std::span<const Probe> probes() noexcept;

}  // namespace lethe::lockdown
