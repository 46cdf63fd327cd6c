#include "audit/canary/blocks.hpp"

#include <algorithm>

namespace lethe::audit {
namespace {

constexpr std::uint8_t above_ascii(std::uint8_t byte) noexcept { return byte | 0x80; }

}  // namespace

Blocks::Blocks(std::span<const std::uint8_t, key_size> key) noexcept {
  std::ranges::transform(key.first<8>(), tag_.begin(), above_ascii);
  std::ranges::transform(key.subspan<8, 2>(), lead_.begin(), above_ascii);
  for (const std::uint8_t byte : key.subspan<10, 8>()) key_ = key_ << 8 | byte;
}

Blocks::Bytes Blocks::block(std::uint32_t index) const noexcept {
  Bytes bytes{};
  std::ranges::copy(tag_, bytes.begin());
  for (std::size_t i = 0; i < 4; ++i) bytes[8 + i] = static_cast<std::uint8_t>(index >> (24 - 8 * i));
  std::ranges::copy(check(index), bytes.begin() + 12);
  std::ranges::copy(lead_, bytes.begin() + 14);
  return bytes;
}

// The finish of SplitMix64 (Steele, Lea, Flood 2014): each bit of the index changes about half of the result.
std::array<std::uint8_t, 2> Blocks::check(std::uint32_t index) const noexcept {
  std::uint64_t mixed = index ^ key_;
  mixed = (mixed ^ mixed >> 30) * 0xbf58'476d'1ce4'e5b9U;
  mixed = (mixed ^ mixed >> 27) * 0x94d0'49bb'1331'11ebU;
  mixed ^= mixed >> 31;
  return {static_cast<std::uint8_t>(mixed >> 8), static_cast<std::uint8_t>(mixed)};
}

}  // namespace lethe::audit
