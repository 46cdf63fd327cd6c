#pragma once
// The filter as a table: what the process may still ask the kernel for, and how everything else is answered. The order of
// the allowed calls is their order in the filter, so what has an argument to check and is called often stands first (the
// kernel remembers which calls need no look at their arguments, so their place costs nothing). docs/lockdown.md repeats
// the table; a test keeps the two equal.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "lockdown/filter.hpp"

namespace lethe::lockdown {

// (argument & mask) == value, in all 64 bits: what is not allowed by name, in a half that the kernel ignores too, fails it.
struct Condition {
  unsigned argument;
  std::uint64_t mask;
  std::uint64_t value;
};

struct Allowed {
  const char* call;
  std::array<std::optional<Condition>, 3> conditions;   // all of them; a call with several rows needs one of its rows
  std::string_view condition;                           // the same in words; empty: always
  std::string_view reason;
  bool only_writable = false;                           // and only to the descriptors given, no more than their bytes
};

enum class Answer : std::uint8_t { no_access, not_implemented, kill };

// How calls are answered that are not allowed: EACCES, ENOSYS, the end of the process. All others get EPERM.
struct Refused {
  Answer answer;
  std::string_view reason;
  std::span<const char* const> calls;
};

// In both stages, and what comes on top in the starting one.
std::span<const Allowed> allowed_calls() noexcept;
std::span<const Allowed> starting_calls() noexcept;
std::span<const Refused> refused_calls() noexcept;

}  // namespace lethe::lockdown
