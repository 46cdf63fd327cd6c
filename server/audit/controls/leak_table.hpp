#pragma once
// How a planted leak says whether it has leaked: a table in the memory of the process that leaks
// (tests/retention/leaks/leak.hpp has its layout), read from outside, so that it works under a lock-down, too.
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lethe::audit {

struct LeakResult {
  std::string id;
  std::uint32_t attempts = 0;
  std::uint32_t successes = 0;
  int error = 0;               // errno of the last attempt that failed
};

// Every leak of the process; absent where it has none, has ended, or can't be read.
std::optional<std::vector<LeakResult>> leaks_of(pid_t process);

}  // namespace lethe::audit
