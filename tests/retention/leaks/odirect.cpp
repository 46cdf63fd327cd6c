// Writes to a file past the page cache.
#include <algorithm>
#include <array>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_odirect(Bytes bytes, const char* directory) {
  alignas(page) static std::array<std::uint8_t, page> block;
  block.fill(0);
  std::copy_n(bytes.begin(), std::min(bytes.size(), page), block.begin());
  const int error = write_and_close(::open(planted(directory, "direct").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_DIRECT | O_CLOEXEC, 0600), block);
  ::explicit_bzero(block.data(), block.size());
  return error;
}

}  // namespace lethe::leaks
