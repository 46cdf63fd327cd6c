// Keeps the last messages in memory, as a log's backtrace does.
#include <array>
#include <vector>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_log_ring(Bytes bytes, const char*) {
  static std::array<std::vector<std::uint8_t>, 8> ring;
  static std::size_t next = 0;
  ring[next++ % ring.size()].assign(bytes.begin(), bytes.end());
  return 0;
}

}  // namespace lethe::leaks
