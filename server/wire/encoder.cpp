#include "wire/encoder.hpp"

#include "base/check.hpp"
#include "wire/record_encoder.hpp"
#include "wire/text_encoder.hpp"

namespace lethe::wire {
namespace {

template <class Message>
void append_text(const Message& message, std::vector<std::uint8_t>& out) {
  const std::size_t before = out.size();
  out.resize(before + text::longest(message));
  const std::size_t written = text::write(message, std::span{out}.subspan(before));
  out.resize(before + written);
}

template <class Outgoing>
std::size_t write(Encoding encoding, const Outgoing& outgoing, std::span<std::uint8_t> out) noexcept {
  if (encoding == Encoding::json) return text::write(outgoing, out);
  const std::size_t size = record::size_of(outgoing);
  LETHE_CHECK(size <= out.size());
  record::write(outgoing, out.first(size));
  return size;
}

}  // namespace

Frame Encoder::frame_of(const ServerMessage& message) const noexcept {
  return std::holds_alternative<Sent>(message) ? frame_of_sent() : Frame::text;
}

void Encoder::encode(const ServerMessage& message, std::vector<std::uint8_t>& out) const {
  if (const Sent* const sent = std::get_if<Sent>(&message)) return encode(*sent, out);
  append_text(message, out);
}

void Encoder::encode(const Sent& message, std::vector<std::uint8_t>& out) const {
  if (encoding_ == Encoding::json) return append_text(message, out);
  const std::size_t before = out.size();
  out.resize(before + record::size_of(message));
  record::write(message, std::span{out}.subspan(before));
}

std::size_t Encoder::size_of(const mailbox::Delivery& delivery) const noexcept {
  return encoding_ == Encoding::json ? text::longest(delivery) : record::size_of(delivery);
}

std::size_t Encoder::size_of(const mailbox::ReceiptDelivery& receipt) const noexcept {
  return encoding_ == Encoding::json ? text::longest(receipt) : record::size_of(receipt);
}

std::size_t Encoder::encode(const mailbox::Delivery& delivery, std::span<std::uint8_t> out) const noexcept {
  return write(encoding_, delivery, out);
}

std::size_t Encoder::encode(const mailbox::ReceiptDelivery& receipt, std::span<std::uint8_t> out) const noexcept {
  return write(encoding_, receipt, out);
}

}  // namespace lethe::wire
