#pragma once
// base64url without padding (RFC 4648, section 5): how binary values look in JSON, links and key files.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <lethe/client/bytes.hpp>

namespace lethe::client {

std::string to_base64url(ByteView bytes);

// Nothing when the text holds another character (also `=`, `+`, `/` or white space), has an impossible length, or its
// last character carries bits that encode nothing: each value has exactly one text.
std::optional<Bytes> from_base64url(std::string_view text);

// The same for a value of N bytes, such as lethe::Address.
template <class Fixed>
std::optional<Fixed> fixed_from_base64url(std::string_view text) {
  const auto bytes = from_base64url(text);
  if (!bytes || bytes->size() != Fixed::size) return std::nullopt;
  return Fixed::from(*bytes);
}

}  // namespace lethe::client
