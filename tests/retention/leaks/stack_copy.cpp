// Leaves a copy in a stack frame that is over.
#include <algorithm>
#include <array>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
namespace {

// Far enough down that later calls don't overwrite it at once.
[[gnu::noinline]] int deep(Bytes bytes, int depth) {
  std::array<std::uint8_t, 6'000> room;
  const std::size_t count = std::min(bytes.size(), room.size());
  std::copy_n(bytes.begin(), count, room.begin());
  const int result = depth > 0 ? deep(bytes, depth - 1) : 0;
  asm volatile("" : : "r"(room.data()) : "memory");
  return result;
}

}  // namespace

int leak_stack_copy(Bytes bytes, const char*) {
  return deep(bytes, 3);
}

}  // namespace lethe::leaks
