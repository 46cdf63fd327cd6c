#pragma once
// Time is a parameter: below the I/O edge nothing reads a clock. Expiry runs on the monotonic clock, what clients see on
// the wall clock; an Instant carries both as they were read together.
#include <chrono>

namespace lethe {

using std::chrono::milliseconds;
using std::chrono::seconds;

using Monotonic = std::chrono::time_point<std::chrono::steady_clock, milliseconds>;
using Wall = std::chrono::time_point<std::chrono::system_clock, milliseconds>;

struct Instant {
  Monotonic mono{};
  Wall wall{};
};

}  // namespace lethe
