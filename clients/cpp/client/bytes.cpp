#include <lethe/client/bytes.hpp>

#include <sodium.h>

namespace lethe::client {

void wipe_memory(void* memory, std::size_t size) noexcept {
  if (size != 0) sodium_memzero(memory, size);
}

}  // namespace lethe::client
