#include <lethe/base/wipe.hpp>

#include <cstring>

namespace lethe {
void wipe(void* memory, std::size_t size) noexcept {
  if (size != 0) explicit_bzero(memory, size);
}
}  // namespace lethe
