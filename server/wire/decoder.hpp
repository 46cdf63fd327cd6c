#pragma once
// From one WebSocket message to client messages. Source: docs/protocol.md, «Transport», «Binary records».
//
// Fatal (the frame can't be decoded at all, the session ends): a text that is no JSON object, nests too deeply or has too
// many values (parsing a megabyte of empty lists takes twenty times as long as reading it); a binary
// message in a JSON session; a binary message that is not a sequence of one or more whole records; a record whose fields
// don't fit its length. Everything else refuses one message and the session goes on: an unknown type or kind, a server's
// type or kind, and `send` or `ack` as text in a binary session are unsupported; a field with a value that the protocol
// does not allow is malformed; too_many_recipients and too_large name their limit (Limits::message).
#include <cstdint>
#include <optional>
#include <span>

#include <lethe/base/limits.hpp>
#include <lethe/wire/messages.hpp>

#include "wire/fault.hpp"

namespace lethe::wire {

// Decodes for one thread; keeps buffers between calls. Holds no payload bytes of its own: a Send's payload points into
// the frame, and no copy of it is made on the way.
class Decoder {
 public:
  class Faults {
   public:
    virtual ~Faults() = default;
    virtual void on(const Fault& fault) = 0;
  };

  // `limits` must live as long as the decoder and may change between calls.
  explicit Decoder(const Limits& limits) noexcept : limits_{limits} {}

  // A text may hold a value for each so many bytes of the largest message (SessionLimits::frame). Recipients take more bytes,
  // so a send to too many is still told so.
  static constexpr std::size_t bytes_a_value = 16;

  // Records that one call decodes at most: answers to records can be many times as long as these are.
  static constexpr std::size_t records_at_once = 64;

  // Decodes the messages of one WebSocket message of `kind` in a session of `encoding`, in order: each goes to `messages`
  // or, refused, to `faults`. Stops at the end, after a fatal fault, or as soon as messages.open() is false. A text
  // holds one message, a binary message one or more records. What is handed over is valid during that call only. The
  // frame must stay in place during the call; a second "payload" field of one JSON object is overwritten in it.
  // Returns what is still to be decoded, by another call, once there is room for more answers; mostly nothing.
  std::span<std::uint8_t> decode(Encoding encoding, Frame kind, std::span<std::uint8_t> frame, ClientMessages& messages, Faults& faults);

 private:
  std::optional<Fault> decode_text(Encoding encoding, std::span<std::uint8_t> frame, ClientMessages& messages);
  std::span<std::uint8_t> decode_records(std::span<std::uint8_t> frame, ClientMessages& messages, Faults& faults);
  // `record` is not empty.
  std::optional<Fault> decode_record(std::span<const std::uint8_t> record, ClientMessages& messages);

  const Limits& limits_;
  Send send_;
  Ack ack_;
};

}  // namespace lethe::wire
