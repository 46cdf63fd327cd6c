// Overwrites a copy in a way that compilers leave out.
#include <cstdlib>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_memset_wipe(Bytes bytes, const char*) {
  auto* const copy = static_cast<std::uint8_t*>(std::malloc(bytes.size() + 64));
  if (copy == nullptr) return ENOMEM;
  std::memcpy(copy + 32, bytes.data(), bytes.size());
  asm volatile("" : : "r"(copy) : "memory");
  std::memset(copy, 0, bytes.size() + 64);
  std::free(copy);
  return 0;
}

}  // namespace lethe::leaks
