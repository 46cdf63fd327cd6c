// Remembers the beginnings of messages after they are gone.
#include <algorithm>
#include <vector>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_message_id(Bytes bytes, const char*) {
  static std::vector<std::uint8_t> remembered;
  remembered.insert(remembered.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(bytes.size(), 512)));
  return 0;
}

}  // namespace lethe::leaks
