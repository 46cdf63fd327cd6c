#pragma once
// Fixed values that the client's tests share. The seeds count upwards, so that a vector can be made again anywhere.
#include <initializer_list>
#include <string>
#include <string_view>

#include <lethe/client/identity.hpp>
#include <lethe/client/messages.hpp>

namespace lethe::client::samples {

using Numbers = std::initializer_list<std::uint8_t>;

inline Bytes counting(std::size_t size, std::uint8_t first = 0) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = first++;
  return bytes;
}

template <class Fixed>
Fixed fixed(std::uint8_t first) {
  return Fixed::from(counting(Fixed::size, first));
}

// Seeds 00…1f and 20…3f.
inline Identity alice() { return Identity::from_seed(counting(32)).value(); }
inline Identity bob() { return Identity::from_seed(counting(32, 0x20)).value(); }

inline std::string hex(ByteView bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

// Hex digits; white space is skipped, so that a record can be written field by field.
inline Bytes unhex(std::string_view text) {
  Bytes bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
    high = high >= 0 ? -1 : digit;
  }
  return bytes;
}

inline Bytes bytes_of(std::string_view text) {
  const auto view = as_bytes(text);
  return {view.begin(), view.end()};
}

}  // namespace lethe::client::samples
