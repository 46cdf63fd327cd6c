#pragma once
// The auditor's own opinion of system calls, x86-64 (syscalls(2)): which a relay that stores nothing may still make, and which
// cases must be refused whatever else is allowed. Written from the promise, not from the relay's filter.
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace lethe::audit {

// Which of the two processes: the relay serves, the broker holds the files and prints the log.
enum class Role : std::uint8_t { relay, broker };

struct Call {
  long number;
  std::string_view name;
};

// Calls by which nothing can leave the process but through connections and descriptors that it has.
std::span<const Call> harmless_calls(Role role) noexcept;
bool is_harmless(Role role, long number) noexcept;
// «openat»; empty for one that no table here knows.
std::string_view call_name(long number) noexcept;

// A way out of the process: one call with arguments.
struct Exit {
  std::string_view name;
  long number;
  std::array<std::uint64_t, 6> arguments;
  int path_argument = -1;        // which argument is the address of `path`; -1: none
  std::string_view path = {};
  bool inject = true;            // false: a filter may kill the process for it, so it is only evaluated
  bool broker_may = false;       // the broker has this right
};
std::span<const Exit> exits() noexcept;

}  // namespace lethe::audit
