#pragma once
// Overwriting memory so that the compiler can't drop it (a plain memset before a free is dropped at -O2).
#include <cstddef>
#include <span>

namespace lethe {

// Overwrites with zero bytes; never optimised away.
void wipe(void* memory, std::size_t size) noexcept;

template <class T, std::size_t N>
void wipe(std::span<T, N> memory) noexcept {
  wipe(static_cast<void*>(memory.data()), memory.size_bytes());
}

}  // namespace lethe
