#pragma once
// From server messages to bytes. Source: docs/protocol.md. In a binary session `sent`, `deliver` and `receipt` are records,
// each with its u32 length before it, many to a WebSocket message; everything else is one text message each.
#include <cstdint>
#include <span>
#include <vector>

#include <lethe/mailbox/mailboxes.hpp>
#include <lethe/wire/messages.hpp>

namespace lethe::wire {

class Encoder {
 public:
  explicit Encoder(Encoding encoding) noexcept : encoding_{encoding} {}
  Encoding encoding() const noexcept { return encoding_; }

  // The kind of WebSocket message that this server message belongs in.
  Frame frame_of(const ServerMessage& message) const noexcept;
  Frame frame_of_sent() const noexcept { return encoding_ == Encoding::json ? Frame::text : Frame::binary; }
  // Appends one text message or one record (with its length) to `out`. No payload bytes pass through here.
  void encode(const ServerMessage& message, std::vector<std::uint8_t>& out) const;
  void encode(const Sent& message, std::vector<std::uint8_t>& out) const;   // the hot one

  // Bytes of a delivery or receipt when encoded (with its length, where it is a record); an upper bound for JSON.
  std::size_t size_of(const mailbox::Delivery& delivery) const noexcept;
  std::size_t size_of(const mailbox::ReceiptDelivery& receipt) const noexcept;
  // Writes one to the start of `out`, which has at least size_of bytes; returns the bytes written. Payload bytes go from
  // the arena to `out` and nowhere else.
  std::size_t encode(const mailbox::Delivery& delivery, std::span<std::uint8_t> out) const noexcept;
  std::size_t encode(const mailbox::ReceiptDelivery& receipt, std::span<std::uint8_t> out) const noexcept;

 private:
  Encoding encoding_;
};

}  // namespace lethe::wire
