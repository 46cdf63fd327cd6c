// Keeps 15 bytes in a string short enough to live in its object.
#include <array>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_small_string(Bytes bytes, const char*) {
  static std::array<std::string, 8> names;
  static std::size_t next = 0;
  names[next++ % names.size()].assign(reinterpret_cast<const char*>(bytes.data() + bytes.size() - 15), 15);
  return 0;
}

}  // namespace lethe::leaks
