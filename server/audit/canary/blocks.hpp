#pragma once
// The blocks that payloads are made of, 16 bytes each:
//
//   tag[8] | index[4] | check[2] | lead[2]
//
// Tag and lead are one for all blocks of a trial; the index is big-endian, over all payloads; the check is a keyed function of
// the index. A copy that was partly overwritten shows itself by any of three parts, and each names its block:
//
//   bytes 0…7        the tag
//   bytes 4…13       the tag's second half, the index, its check
//   bytes 8…19       the index, its check, the lead, the first half of the next block's tag
//
// So every remnant of 15 bytes or more is found, wherever it begins, and a shorter one where it holds one of the three.
// All bytes of tag and lead are above 0x7f: escaping and percent-encoding have one form for them.
#include <array>
#include <cstdint>
#include <span>

namespace lethe::audit {

using Tag = std::array<std::uint8_t, 8>;

class Blocks {
 public:
  static constexpr std::size_t size = 16;
  static constexpr std::size_t key_size = 18;   // random bytes that make tag, lead and the check's key
  using Bytes = std::array<std::uint8_t, size>;

  Blocks() = default;
  explicit Blocks(std::span<const std::uint8_t, key_size> key) noexcept;

  Bytes block(std::uint32_t index) const noexcept;
  const Tag& tag() const noexcept { return tag_; }
  const std::array<std::uint8_t, 2>& lead() const noexcept { return lead_; }
  std::array<std::uint8_t, 2> check(std::uint32_t index) const noexcept;

 private:
  Tag tag_{};
  std::array<std::uint8_t, 2> lead_{};
  std::uint64_t key_ = 0;
};

}  // namespace lethe::audit
