#pragma once
#include <cstdint>

namespace lethe::lockdown {

// A descriptor that the process may write(2) to, and the most bytes of one write: 8 for an eventfd, 4 for the pipe of
// Asio's signal_set, a line's length for a log.
struct Writable {
  int number;
  std::uint32_t longest;

  friend bool operator==(const Writable&, const Writable&) = default;
};

}  // namespace lethe::lockdown
