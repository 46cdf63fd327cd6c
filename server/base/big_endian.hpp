#pragma once
// Unsigned integers as records and invites hold them: most significant byte first. No bounds are checked here.
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lethe {

// `value` with its bytes in the other order.
template <std::unsigned_integral T>
constexpr T byte_swapped(T value) noexcept {
  if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
  return value;
}

// Reads sizeof(T) bytes at `from`.
template <std::unsigned_integral T>
T load_big_endian(const std::uint8_t* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return std::endian::native == std::endian::little ? byte_swapped(value) : value;
}

// Writes sizeof(T) bytes at `to`.
template <std::unsigned_integral T>
void store_big_endian(T value, std::uint8_t* to) noexcept {
  if (std::endian::native == std::endian::little) value = byte_swapped(value);
  std::memcpy(to, &value, sizeof value);
}

}  // namespace lethe
