#pragma once
// Spreads what the relay asks many clients to do at once, such as coming back after a restart.
#include <cstdint>

#include <lethe/base/time.hpp>

namespace lethe::session {

// A time from `base` to twice `base`, evenly by `random` (any 64 random bits). 0 or less stays 0.
constexpr seconds jittered(seconds base, std::uint64_t random) noexcept {
  if (base <= seconds{0}) return seconds{0};
  const auto span = static_cast<std::uint64_t>(base.count()) + 1;
  return base + seconds{static_cast<seconds::rep>(random % span)};
}

}  // namespace lethe::session
