#include "wire/payload_reader.hpp"

#include <cstring>

#include "base/base64url.hpp"
#include "base/check.hpp"

namespace lethe::wire {

std::size_t PayloadReader::encoded_size(const mailbox::Payload& payload, Encoding encoding) noexcept {
  return encoding == Encoding::binary ? payload.size() : base64url::encoded_size(payload.size());
}

void PayloadReader::copy(const mailbox::Payload& payload, Encoding encoding, std::span<std::uint8_t> out) noexcept {
  LETHE_CHECK(out.size() >= encoded_size(payload, encoding));
  const std::span<const std::uint8_t> bytes = payload.readable(mailbox::PayloadKey{});
  if (bytes.empty()) return;
  if (encoding == Encoding::binary) {
    std::memcpy(out.data(), bytes.data(), bytes.size());
  } else {
    base64url::encode(bytes, reinterpret_cast<char*>(out.data()));
  }
}

}  // namespace lethe::wire
