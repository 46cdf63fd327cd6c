#pragma once
// The ways in which bytes may be written down: a form, with its alignment, variant and mask.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lethe::audit {

enum class Form : std::uint8_t {
  raw, masked, base64, base64url, hexadecimal, json_escaped, percent, utf16, reversed, decimal
};
inline constexpr std::size_t form_count = 10;
// As the report names it: the enumerator, with «-» for «_».
std::string_view name(Form form) noexcept;

class Notation {
 public:
  using Mask = std::array<std::uint8_t, 4>;

  // Raw bytes.
  Notation() = default;
  // Base64 characters stand for three bytes at a time, so the same bytes look different after `alignment` (0…2) others.
  Notation(Form form, unsigned alignment, bool upper_case) noexcept;
  // The same under a WebSocket mask, of which byte `rotation` (0…3) meets the first character: its form is `masked`.
  Notation masked(const Mask& mask, unsigned rotation) const noexcept;

  Form form() const noexcept { return mask_ ? Form::masked : form_; }
  // Of base64, only the characters that depend on nothing but `bytes`.
  std::vector<std::uint8_t> write(std::span<const std::uint8_t> bytes) const;
  // Byte `index` of what was written so, where its first character lies at `at` of `region`: also bytes before (negative) and
  // after those that were written. Nothing where the region ends or the characters are none of this notation.
  // `length`: how many bytes were written.
  std::optional<std::uint8_t> read(std::span<const std::uint8_t> region, std::size_t at, std::ptrdiff_t index,
                                   std::size_t length) const noexcept;

 private:
  std::vector<std::uint8_t> write_base64(std::span<const std::uint8_t> bytes) const;
  std::optional<std::uint8_t> symbol(std::span<const std::uint8_t> region, std::size_t at,
                                     std::ptrdiff_t offset) const noexcept;
  // Two hex digits after `prefix`, `index` times as far from `at`.
  std::optional<std::uint8_t> read_hex(std::span<const std::uint8_t> region, std::size_t at, std::ptrdiff_t index,
                                       std::string_view prefix) const noexcept;
  std::optional<std::uint8_t> read_base64(std::span<const std::uint8_t> region, std::size_t at,
                                          std::ptrdiff_t index) const noexcept;

  Form form_ = Form::raw;
  std::uint8_t alignment_ = 0;
  bool upper_case_ = false;
  std::optional<Mask> mask_;   // rotated
};

// Every one but `decimal`, which is for addresses alone. Raw is the first; likelier ones stand before others that can look alike.
std::vector<Notation> all_notations(const Notation::Mask& mask);
// Raw, and masked in four rotations.
std::vector<Notation> binary_notations(const Notation::Mask& mask);

}  // namespace lethe::audit
