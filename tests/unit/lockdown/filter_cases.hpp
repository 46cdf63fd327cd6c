#pragma once
// What the filter shall say, written down by hand beside the table that it is built from: by number on both architectures,
// and by arguments.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lockdown/filter.hpp"

namespace lethe::lockdown {

enum class Verdict : std::uint8_t { allowed, depends, eperm, eacces, enosys, killed };

// Numbers from the kernel's headers; -1 where the architecture has no such call.
struct NumberedCall {
  std::string_view name;
  int x86_64;
  int aarch64;
  Verdict serving;
  Verdict starting;

  int number(Architecture architecture) const { return architecture == Architecture::x86_64 ? x86_64 : aarch64; }
  Verdict verdict(Stage stage) const { return stage == Stage::serving ? serving : starting; }
};
std::span<const NumberedCall> numbered_calls();

using Arguments = std::array<std::uint64_t, 6>;

struct ArgumentCase {
  std::string_view call;   // its numbers stand above
  Stage stage;
  Arguments arguments;
  bool allowed;            // else EPERM
  std::string_view what;
};
std::span<const ArgumentCase> argument_cases();

// The list that the argument cases speak of: an event loop's 5, a signal pipe's 7, a log's 9.
std::vector<Writable> sample_writable();

}  // namespace lethe::lockdown
