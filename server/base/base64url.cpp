#include "base/base64url.hpp"

#include <array>

namespace lethe::base64url {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kInvalid = 0x80;   // never a value of the alphabet, and survives being or-ed

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = kInvalid;
  for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<std::uint8_t>(kAlphabet[i])] = i;
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = make_values();

std::uint32_t value_of(char c) noexcept { return kValues[static_cast<std::uint8_t>(c)]; }

char letter(std::uint32_t bits) noexcept { return kAlphabet[bits & 63]; }

// The last two or three characters; true if they are valid and canonical.
bool decode_rest(const char* from, std::size_t count, std::uint8_t* to) noexcept {
  const std::uint32_t first = value_of(from[0]);
  const std::uint32_t second = value_of(from[1]);
  to[0] = static_cast<std::uint8_t>(first << 2 | second >> 4);
  if (count == 2) return ((first | second) & kInvalid) == 0 && (second & 15) == 0;
  const std::uint32_t third = value_of(from[2]);
  to[1] = static_cast<std::uint8_t>(second << 4 | third >> 2);
  return ((first | second | third) & kInvalid) == 0 && (third & 3) == 0;
}

}  // namespace

void encode(std::span<const std::uint8_t> bytes, char* out) noexcept {
  const std::uint8_t* from = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 3; from += 3, left -= 3, out += 4) {
    const std::uint32_t word = static_cast<std::uint32_t>(from[0]) << 16 | static_cast<std::uint32_t>(from[1]) << 8 | from[2];
    out[0] = letter(word >> 18);
    out[1] = letter(word >> 12);
    out[2] = letter(word >> 6);
    out[3] = letter(word);
  }
  if (left == 0) return;
  const std::uint32_t second = left == 2 ? from[1] : 0U;
  const std::uint32_t word = static_cast<std::uint32_t>(from[0]) << 16 | second << 8;
  out[0] = letter(word >> 18);
  out[1] = letter(word >> 12);
  if (left == 2) out[2] = letter(word >> 6);
}

std::optional<std::size_t> decode(std::string_view text, std::span<std::uint8_t> out) noexcept {
  const std::size_t rest = text.size() % 4;
  const std::size_t size = decoded_size(text.size());
  if (rest == 1 || size > out.size()) return std::nullopt;
  const char* from = text.data();
  const char* const end = from + (text.size() - rest);
  std::uint8_t* to = out.data();
  // Faults are collected and looked at once: the loop has no branch that depends on the text.
  std::uint32_t seen = 0;
  for (; from != end; from += 4, to += 3) {
    const std::uint32_t a = value_of(from[0]);
    const std::uint32_t b = value_of(from[1]);
    const std::uint32_t c = value_of(from[2]);
    const std::uint32_t d = value_of(from[3]);
    seen |= a | b | c | d;
    const std::uint32_t word = a << 18 | b << 12 | c << 6 | d;
    to[0] = static_cast<std::uint8_t>(word >> 16);
    to[1] = static_cast<std::uint8_t>(word >> 8);
    to[2] = static_cast<std::uint8_t>(word);
  }
  if ((seen & kInvalid) != 0) return std::nullopt;
  if (rest != 0 && !decode_rest(from, rest, to)) return std::nullopt;
  return size;
}

}  // namespace lethe::base64url
