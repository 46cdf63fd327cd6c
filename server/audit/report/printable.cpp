#include <algorithm>
#include <array>
#include <cstdint>

#include "audit/report/markup.hpp"

namespace lethe::audit {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";   // U+FFFD

struct Character {
  char32_t code = 0;
  std::size_t length = 0;   // 0: the bytes are no character
};

// One character of UTF-8 (RFC 3629): shortest form, no surrogates, at most U+10FFFF.
Character decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t code = lead & (0xFFu >> (length + 1));
  for (std::size_t index = 1; index < length; ++index) {
    const auto next = static_cast<unsigned char>(text[index]);
    if ((next & 0xC0) != 0x80) return {};
    code = (code << 6) | (next & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest[length] || code > 0x10FFFF || surrogate) return {};
  return {code, length};
}

// Marks and overrides that make text read otherwise than it is stored (Unicode UAX 9), and what XML 1.0 forbids.
bool deceives(char32_t code) {
  const bool control = (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code <= 0x9F);
  const bool direction = code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
                         (code >= 0x2066 && code <= 0x2069);
  const bool line = code == 0x2028 || code == 0x2029;
  return control || direction || line || code == 0xFEFF || code == 0xFFFE || code == 0xFFFF;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto character = decode(text);
    const auto length = std::max<std::size_t>(character.length, 1);
    const bool shown = character.length > 0 && !deceives(character.code);
    out += shown ? text.substr(0, length) : replacement;
    text.remove_prefix(length);
  }
  return out;
}

std::string one_line(std::string_view text) {
  auto out = printable(text);
  std::replace_if(out.begin(), out.end(), [](char character) { return character == '\n' || character == '\t'; }, ' ');
  return out;
}

}  // namespace lethe::audit
