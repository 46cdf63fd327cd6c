#pragma once
// The records that a client sends, decoded. Source: docs/protocol.md, «Binary records». Nothing is allocated once the
// vectors of `send` and `ack` have grown to their usual size.
#include <cstdint>
#include <optional>
#include <span>

#include <lethe/base/limits.hpp>

#include "wire/fault.hpp"

namespace lethe::wire {

// Both take a record without its length and without its kind byte, fill every field of the message, and return why it
// is refused, if it is; the message is then unspecified. A record whose fields don't fit its length is a fatal fault; a
// field with a value that the protocol does not allow is not. `send.payload` points into `body`.
std::optional<Fault> read_send(std::span<const std::uint8_t> body, const MessageLimits& limits, Send& send);
std::optional<Fault> read_ack(std::span<const std::uint8_t> body, Ack& ack);

}  // namespace lethe::wire
