// Keeps bytes in ordinary memory, which can be swapped out.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_pageable(Bytes bytes, const char*) {
  constexpr std::size_t size = 1 << 20;
  static std::uint8_t* memory = nullptr;
  static std::size_t used = 0;
  if (memory == nullptr) {
    void* const fresh = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED) return errno;
    (void)::munlock(fresh, size);
    memory = static_cast<std::uint8_t*>(fresh);
  }
  const std::size_t count = std::min(bytes.size(), size - used);
  std::memcpy(memory + used, bytes.data(), count);
  used += count;
  return 0;
}

}  // namespace lethe::leaks
