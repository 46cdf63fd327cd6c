// Frees a copy without overwriting it.
#include <cstdlib>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_heap_free(Bytes bytes, const char*) {
  auto* const copy = static_cast<std::uint8_t*>(std::malloc(bytes.size() + 64));
  if (copy == nullptr) return ENOMEM;
  std::memcpy(copy + 32, bytes.data(), bytes.size());   // behind what free writes
  asm volatile("" : : "r"(copy) : "memory");
  std::free(copy);
  return 0;
}

}  // namespace lethe::leaks
