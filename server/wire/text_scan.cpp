#include "wire/text_scan.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include "wire/utf8.hpp"

namespace lethe::wire {
namespace {

constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20; }

// The next letter of `text`, removed from it; \u0070 is a way to write p. Other escapes, and what is not ASCII, are handed
// over byte by byte. Precondition: not empty.
char next_letter(std::string_view& text) noexcept {
  unsigned code = 0;
  if (text.starts_with("\\u") && text.size() >= 6) {
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
    if (error == std::errc{} && end == text.data() + 6 && code < 0x80) {
      text.remove_prefix(6);
      return static_cast<char>(code);
    }
  }
  const char letter = text.front();
  text.remove_prefix(1);
  return letter;
}

// True where `key`, as it stands between its quotes, is `letters`.
bool spells(std::string_view key, std::string_view letters) noexcept {
  for (const char letter : letters) {
    if (key.empty() || next_letter(key) != letter) return false;
  }
  return key.empty();
}

constexpr std::uint8_t mask(bool set) noexcept { return set ? 0xFF : 0x00; }

// Masks of bytes instead of branches, so that the compiler takes many letters at a time.
bool is_base64url(std::span<const char> text) noexcept {
  std::uint8_t known = 0xFF;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    const std::uint8_t letter = mask(static_cast<std::uint8_t>((byte | 0x20) - 'a') < 26);
    const std::uint8_t digit = mask(static_cast<std::uint8_t>(byte - '0') < 10);
    const std::uint8_t sign = mask(byte == '-') | mask(byte == '_');
    known = known & static_cast<std::uint8_t>(letter | digit | sign);
  }
  return known != 0 && text.size() % 4 != 1;
}

class Scanner {
 public:
  Scanner(std::span<char> text, TextBounds bounds) noexcept
      : at_{text.data()}, end_{text.data() + text.size()}, bounds_{bounds} {}

  TextScan run() noexcept {
    while (at_ != end_ && result_.verdict == TextScan::Verdict::fine) step();
    return result_;
  }

 private:
  void step() noexcept {
    const char c = *at_;
    if (c == '"') {
      string();
      return;
    }
    ++at_;
    const bool opens = c == '{' || c == '[';
    if ((opens || c == ',') && ++values_ > bounds_.values) result_.verdict = TextScan::Verdict::too_many;
    if (opens) {
      if (++depth_ > bounds_.depth) result_.verdict = TextScan::Verdict::too_deep;
    } else if (c == '}' || c == ']') {
      if (depth_ == 0) fail();
      else --depth_;
    } else if (is_control(c) && !is_space(c)) {
      // The parser would take a NUL for the end of the text and not look at what follows.
      fail();
    }
  }

  void string() noexcept {
    const std::span<char> text = quoted();
    if (depth_ != 1) return;
    skip_space();
    if (at_ == end_ || *at_ != ':' || !spells({text.data(), text.size()}, "payload")) return;
    ++at_;
    ++result_.payload_fields;
    skip_space();
    if (at_ == end_ || *at_ != '"') return;
    take_payload(quoted());
  }

  // `at_` stands at the opening quote and goes behind the closing one; returns what is between them.
  std::span<char> quoted() noexcept {
    char* const begin = ++at_;
    while (at_ != end_) {
      char* const quote = static_cast<char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
      if (quote == nullptr) break;
      at_ = quote + 1;
      std::size_t escapes = 0;
      while (quote != begin + escapes && *(quote - escapes - 1) == '\\') ++escapes;
      if (escapes % 2 == 0) return {begin, quote};
    }
    at_ = end_;
    fail();
    return {};
  }

  // The parser never sees these characters, so what makes a text no text is found here.
  void take_payload(std::span<char> payload) noexcept {
    const bool clean = is_base64url(payload);
    if (!clean && (std::any_of(payload.begin(), payload.end(), is_control) || !is_utf8({payload.data(), payload.size()}))) fail();
    if (result_.has_payload) {
      std::fill(payload.begin(), payload.end(), '0');
      return;
    }
    result_.has_payload = true;
    result_.payload = payload;
    const bool escaped = !clean && std::ranges::find(payload, '\\') != payload.end();
    const std::span<char> letters = escaped ? unescape(payload) : payload;
    result_.letters = letters;
    result_.payload_is_base64url = escaped ? is_base64url(letters) : clean;
  }

  static std::span<char> unescape(std::span<char> payload) noexcept {
    std::string_view rest{payload.data(), payload.size()};
    std::size_t count = 0;
    while (!rest.empty()) payload[count++] = next_letter(rest);
    return payload.first(count);
  }

  void skip_space() noexcept {
    while (at_ != end_ && is_space(*at_)) ++at_;
  }
  void fail() noexcept { result_.verdict = TextScan::Verdict::not_json; }

  char* at_;
  char* end_;
  TextBounds bounds_;
  unsigned depth_ = 0;
  std::size_t values_ = 0;
  TextScan result_;
};

}  // namespace

TextScan scan_text(std::span<char> text, TextBounds bounds) noexcept { return Scanner{text, bounds}.run(); }

}  // namespace lethe::wire
