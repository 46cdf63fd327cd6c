#pragma once
// The arena's size classes: every multiple of 16 bytes up to 1 KiB, then eight steps a doubling up to the slab. Rounding
// so costs less than 16 bytes below 1 KiB and at most an eighth above.
#include <bit>
#include <cstddef>

namespace lethe::arena_classes {

constexpr std::size_t fine_limit = 1'024;
constexpr std::size_t fine_classes = fine_limit / 16;
constexpr std::size_t count = fine_classes + 8 * 8;

// The class of a block of `bytes` (1 … 262,144), header included.
constexpr std::size_t index_of(std::size_t bytes) noexcept {
  if (bytes <= fine_limit) return (bytes + 15) / 16 - 1;
  const auto doubling = static_cast<std::size_t>(std::bit_width(bytes - 1)) - 1;   // 2^doubling < bytes <= 2^(doubling + 1)
  const std::size_t step = std::size_t{1} << (doubling - 3);
  const std::size_t above = (bytes - (std::size_t{1} << doubling) + step - 1) / step;   // 1 … 8
  return fine_classes + 8 * (doubling - 10) + above - 1;
}

// Bytes of a block of that class.
constexpr std::size_t size_of(std::size_t index) noexcept {
  if (index < fine_classes) return (index + 1) * 16;
  const std::size_t doubling = 10 + (index - fine_classes) / 8;
  const std::size_t above = (index - fine_classes) % 8 + 1;
  return (std::size_t{1} << doubling) + above * (std::size_t{1} << (doubling - 3));
}

static_assert(size_of(index_of(256 + 16)) == 272);
static_assert(size_of(count - 1) == 262'144 && index_of(262'144) == count - 1);

}  // namespace lethe::arena_classes
