#include "client/safe_name.hpp"

#include <cstdint>

namespace lethe::client {

namespace {
constexpr std::size_t most_bytes = 200;
constexpr std::uint32_t invalid = 0xFFFFFFFF;

// The character at the front of `text` and its size in bytes; `invalid` and 1 for what is not UTF-8 (RFC 3629).
struct Character {
  std::uint32_t code;
  std::size_t size;
};
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {invalid, 1};
  std::uint32_t code = lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {invalid, 1};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const std::uint32_t least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
  if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {invalid, 1};
  return {code, size};
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == invalid;
}

// Marks that turn the direction of text, so that `exe.fdp` reads as `pdf.exe`.
bool turns_direction(std::uint32_t code) {
  return code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}
}  // namespace

std::string safe_name(std::string_view name) {
  if (const auto at = name.find_last_of("/\\"); at != std::string_view::npos) name.remove_prefix(at + 1);
  std::string safe;
  while (!name.empty()) {
    const auto [code, size] = first_character(name);
    if (safe.size() + size > most_bytes) break;
    if (is_control(code) || turns_direction(code)) safe.push_back('_');
    else safe.append(name.substr(0, size));
    name.remove_prefix(size);
  }
  if (safe.starts_with('.')) safe.front() = '_';
  return safe.empty() ? "file" : safe;
}

std::string numbered_name(const std::string& name, unsigned number) {
  if (number <= 1) return name;
  auto dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0) dot = name.size();
  return name.substr(0, dot) + " (" + std::to_string(number) + ")" + name.substr(dot);
}

std::string safe_text(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const auto [code, size] = first_character(text);
    if (code == '\n' || code == '\t' || !(is_control(code) || turns_direction(code))) safe.append(text.substr(0, size));
    else safe.push_back('?');
    text.remove_prefix(size);
  }
  return safe;
}

}  // namespace lethe::client
