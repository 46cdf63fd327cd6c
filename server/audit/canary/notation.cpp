#include "audit/canary/notation.hpp"

#include <algorithm>

namespace lethe::audit {
namespace {

constexpr std::string_view base64_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view json_prefix = "\\u00";
constexpr std::string_view percent_prefix = "%";

int hex_value(std::uint8_t digit) noexcept {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

int sextet(std::uint8_t character) noexcept {
  const auto sought = static_cast<char>(character);
  std::size_t value = base64_characters.find(sought);
  if (value == std::string_view::npos) value = base64url_characters.find(sought);
  return value == std::string_view::npos ? -1 : static_cast<int>(value);
}

std::vector<std::uint8_t> write_hex(std::span<const std::uint8_t> bytes, std::string_view prefix, bool upper_case) {
  const std::string_view digits = upper_case ? "0123456789ABCDEF" : "0123456789abcdef";
  std::vector<std::uint8_t> text;
  for (const std::uint8_t byte : bytes) {
    text.insert(text.end(), prefix.begin(), prefix.end());
    text.push_back(static_cast<std::uint8_t>(digits[byte >> 4]));
    text.push_back(static_cast<std::uint8_t>(digits[byte & 15]));
  }
  return text;
}

// Without the outer zeros it is found in either order.
std::vector<std::uint8_t> write_utf16(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text.push_back(0);
    text.push_back(byte);
  }
  return text;
}

}  // namespace

std::string_view name(Form form) noexcept {
  constexpr std::array<std::string_view, form_count> names = {"raw",          "masked",  "base64", "base64url", "hexadecimal",
                                                              "json-escaped", "percent", "utf16",  "reversed",  "decimal"};
  return names[static_cast<std::size_t>(form)];
}

Notation::Notation(Form form, unsigned alignment, bool upper_case) noexcept
    : form_{form}, alignment_{static_cast<std::uint8_t>(alignment)}, upper_case_{upper_case} {}

Notation Notation::masked(const Mask& mask, unsigned rotation) const noexcept {
  Notation result = *this;
  result.mask_ = mask;
  std::ranges::rotate(*result.mask_, result.mask_->begin() + rotation);
  return result;
}

std::vector<std::uint8_t> Notation::write(std::span<const std::uint8_t> bytes) const {
  std::vector<std::uint8_t> text{bytes.begin(), bytes.end()};
  switch (form_) {
    case Form::base64:
    case Form::base64url: text = write_base64(bytes); break;
    case Form::hexadecimal: text = write_hex(bytes, {}, upper_case_); break;
    case Form::json_escaped: text = write_hex(bytes, json_prefix, upper_case_); break;
    case Form::percent: text = write_hex(bytes, percent_prefix, upper_case_); break;
    case Form::utf16: text = write_utf16(bytes); break;
    case Form::reversed: std::ranges::reverse(text); break;
    case Form::raw:
    case Form::masked:
    case Form::decimal: break;
  }
  if (mask_) {
    for (std::size_t i = 0; i < text.size(); ++i) text[i] ^= (*mask_)[i % 4];
  }
  return text;
}

std::vector<std::uint8_t> Notation::write_base64(std::span<const std::uint8_t> bytes) const {
  const std::string_view characters = form_ == Form::base64 ? base64_characters : base64url_characters;
  std::vector<std::uint8_t> shifted(alignment_);
  shifted.insert(shifted.end(), bytes.begin(), bytes.end());
  std::vector<std::uint8_t> text;
  const std::size_t first = (alignment_ * 8U + 5) / 6;
  for (std::size_t i = first; (i + 1) * 6 <= shifted.size() * 8; ++i) {
    const std::size_t bit = i * 6;
    const unsigned high = shifted[bit / 8];
    const unsigned low = bit / 8 + 1 < shifted.size() ? shifted[bit / 8 + 1] : 0;
    text.push_back(static_cast<std::uint8_t>(characters[(high << 8 | low) >> (10 - bit % 8) & 63]));
  }
  return text;
}

std::optional<std::uint8_t> Notation::read(std::span<const std::uint8_t> region, std::size_t at, std::ptrdiff_t index,
                                           std::size_t length) const noexcept {
  switch (form_) {
    case Form::base64:
    case Form::base64url: return read_base64(region, at, index);
    case Form::hexadecimal: return read_hex(region, at, index, {});
    case Form::json_escaped: return read_hex(region, at, index, json_prefix);
    case Form::percent: return read_hex(region, at, index, percent_prefix);
    case Form::utf16: return symbol(region, at, 2 * index);
    case Form::reversed: return symbol(region, at, static_cast<std::ptrdiff_t>(length) - 1 - index);
    case Form::raw: return symbol(region, at, index);
    case Form::masked:
    case Form::decimal: break;
  }
  return std::nullopt;
}

std::optional<std::uint8_t> Notation::symbol(std::span<const std::uint8_t> region, std::size_t at,
                                             std::ptrdiff_t offset) const noexcept {
  const std::ptrdiff_t place = static_cast<std::ptrdiff_t>(at) + offset;
  if (place < 0 || place >= std::ssize(region)) return std::nullopt;
  const std::uint8_t character = region[static_cast<std::size_t>(place)];
  return mask_ ? character ^ (*mask_)[static_cast<std::size_t>(offset & 3)] : character;
}

std::optional<std::uint8_t> Notation::read_hex(std::span<const std::uint8_t> region, std::size_t at, std::ptrdiff_t index,
                                               std::string_view prefix) const noexcept {
  const std::ptrdiff_t from = index * static_cast<std::ptrdiff_t>(prefix.size() + 2);
  const std::ptrdiff_t digits = from + std::ssize(prefix);
  for (std::ptrdiff_t i = from; i < digits; ++i) {
    if (symbol(region, at, i) != static_cast<std::uint8_t>(prefix[static_cast<std::size_t>(i - from)])) return std::nullopt;
  }
  const int high = hex_value(symbol(region, at, digits).value_or(0));
  const int low = hex_value(symbol(region, at, digits + 1).value_or(0));
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<std::uint8_t>(high << 4 | low);
}

std::optional<std::uint8_t> Notation::read_base64(std::span<const std::uint8_t> region, std::size_t at,
                                                  std::ptrdiff_t index) const noexcept {
  // Before the alignment's bytes there may be others: three more groups keep the numbers positive.
  constexpr std::ptrdiff_t groups = 3;
  const std::ptrdiff_t first = (alignment_ * 8 + 5) / 6 + 4 * groups;
  const std::ptrdiff_t bit = (alignment_ + index + 3 * groups) * 8;
  if (bit < 0) return std::nullopt;
  const int high = sextet(symbol(region, at, bit / 6 - first).value_or(0));
  const int low = sextet(symbol(region, at, bit / 6 + 1 - first).value_or(0));
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<std::uint8_t>((high << 6 | low) >> (4 - bit % 6));
}

std::vector<Notation> binary_notations(const Notation::Mask& mask) {
  std::vector<Notation> all{Notation{}};
  for (unsigned rotation = 0; rotation < 4; ++rotation) all.push_back(Notation{}.masked(mask, rotation));
  return all;
}

std::vector<Notation> all_notations(const Notation::Mask& mask) {
  std::vector<Notation> all = binary_notations(mask);
  // JSON sessions carry base64url, and a client masks it.
  for (unsigned alignment = 0; alignment < 3; ++alignment) {
    const Notation text{Form::base64url, alignment, false};
    all.push_back(text);
    for (unsigned rotation = 0; rotation < 4; ++rotation) all.push_back(text.masked(mask, rotation));
  }
  for (unsigned alignment = 0; alignment < 3; ++alignment) all.emplace_back(Form::base64, alignment, false);
  for (const bool upper_case : {false, true}) {
    for (const Form form : {Form::hexadecimal, Form::json_escaped, Form::percent}) all.emplace_back(form, 0U, upper_case);
  }
  all.emplace_back(Form::utf16, 0U, false);
  all.emplace_back(Form::reversed, 0U, false);
  return all;
}

}  // namespace lethe::audit
