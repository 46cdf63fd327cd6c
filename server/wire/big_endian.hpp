#pragma once
// Unsigned integers as the binary records hold them: most significant byte first. No bounds are checked here.
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace lethe::wire {

// Reads sizeof(T) bytes at `from`.
template <std::unsigned_integral T>
constexpr T load_big_endian(const std::uint8_t* from) noexcept {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 | from[i]);
  return value;
}

// Writes sizeof(T) bytes at `to`.
template <std::unsigned_integral T>
constexpr void store_big_endian(T value, std::uint8_t* to) noexcept {
  for (std::size_t i = 0; i < sizeof(T); ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * (sizeof(T) - 1 - i)));
}

}  // namespace lethe::wire
