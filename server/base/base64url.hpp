#pragma once
// base64url without padding (RFC 4648, section 5): the form of every binary value in JSON. Strict: one byte string has
// exactly one text. No allocation; payloads go straight between a frame and the arena. All functions are pure.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace lethe::base64url {

// Characters that `size` bytes become.
constexpr std::size_t encoded_size(std::size_t size) noexcept {
  return size / 3 * 4 + (size % 3 == 0 ? 0 : size % 3 + 1);
}

// Bytes that a text of `size` characters holds, if it is one: no text has a length of 4n+1.
constexpr std::size_t decoded_size(std::size_t size) noexcept {
  return size / 4 * 3 + (size % 4 == 0 ? 0 : size % 4 - 1);
}

// Writes exactly encoded_size(bytes.size()) characters to `out`, no terminator. Precondition: `out` has room for them.
void encode(std::span<const std::uint8_t> bytes, char* out) noexcept;

// Writes decoded_size(text.size()) bytes to the start of `out` and returns their number. Refuses (nullopt) padding, white
// space, any other character outside the alphabet, a length of 4n+1, bits set behind the last byte, and an `out` that is
// too small. After a refusal the contents of `out` are unspecified: they may hold bytes of the text and are the caller's
// to wipe. Bytes of `out` behind the result are not touched.
std::optional<std::size_t> decode(std::string_view text, std::span<std::uint8_t> out) noexcept;

}  // namespace lethe::base64url
