#pragma once
// The one way of payload bytes out of the arena. (A friend of mailbox::PayloadKey.)
#include <cstdint>
#include <span>

#include <lethe/mailbox/payload.hpp>
#include <lethe/wire/messages.hpp>

namespace lethe::wire {

class PayloadReader {
 public:
  // Bytes that the payload takes on the wire.
  static std::size_t encoded_size(const mailbox::Payload& payload, Encoding encoding) noexcept;
  // Writes exactly encoded_size bytes to the start of `out`.
  static void copy(const mailbox::Payload& payload, Encoding encoding, std::span<std::uint8_t> out) noexcept;
};

}  // namespace lethe::wire
