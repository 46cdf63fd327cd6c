#include "wire/record_messages.hpp"

#include <cstring>

#include "wire/record_reader.hpp"
#include "wire/topic.hpp"

namespace lethe::wire {
namespace {

// send, after the kind byte:
//   flags 1 | id 16 | ttl 4 | topic length 1 | topic | recipients 2 | each: device 32, invite length 1, invite 0 or 92 | payload
// flags: bit 0 receipt, bits 1–2 urgency; the others must be 0.
constexpr std::uint8_t kReceiptFlag = 0x01;
constexpr std::uint8_t kKnownFlags = 0x07;
constexpr std::size_t kSmallestRecipient = Address::size + 1;

Fault undecodable() { return {ErrorCode::malformed, "A record does not fit its length.", {}, true}; }

std::optional<Fault> read_recipients(RecordReader& record, std::size_t count, Send& send) {
  send.to.resize(count);
  for (SendTo& to : send.to) {
    record.bytes(to.device);
    const std::uint8_t invite_length = record.u8();
    const std::span<const std::uint8_t> invite = record.take(invite_length);
    if (!record.ok()) return undecodable();
    to.invite.reset();
    if (invite_length == 0) continue;
    if (invite_length != invite_size) return Fault{ErrorCode::malformed, "An invite has 92 bytes.", send.id};
    std::memcpy(to.invite.emplace().data(), invite.data(), invite_size);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Fault> read_send(std::span<const std::uint8_t> body, const MessageLimits& limits, Send& send) {
  RecordReader record{body};
  const std::uint8_t flags = record.u8();
  record.bytes(send.id);
  send.ttl = seconds{record.u32()};
  const std::uint8_t topic_length = record.u8();
  const std::span<const std::uint8_t> topic_bytes = record.take(topic_length);
  const std::size_t count = record.u16();
  if (!record.ok() || record.rest().size() < count * kSmallestRecipient) return undecodable();

  if ((flags & ~kKnownFlags) != 0) return Fault{ErrorCode::malformed, "A reserved flag is set.", send.id};
  send.receipt = (flags & kReceiptFlag) != 0;
  send.urgency = static_cast<mailbox::Urgency>(flags >> 1);
  const std::string_view topic{reinterpret_cast<const char*>(topic_bytes.data()), topic_bytes.size()};
  if (!topic.empty() && !is_topic(topic)) {
    return Fault{ErrorCode::malformed, "A topic is 1 to 32 letters, digits, - or _.", send.id};
  }
  send.topic.assign(topic);
  if (count == 0) return Fault{ErrorCode::malformed, "A send needs a recipient.", send.id};
  if (count > limits.recipients) return Fault{ErrorCode::too_many_recipients, "The send has too many recipients.", send.id};
  if (std::optional<Fault> fault = read_recipients(record, count, send)) return fault;
  const std::span<const std::uint8_t> payload = record.rest();
  if (payload.size() > limits.payload) return Fault{ErrorCode::too_large, "The payload is too large.", send.id};
  send.payload = PayloadSource{payload, payload.size(), Encoding::binary};
  return std::nullopt;
}

// ack, after the kind byte: up_to 8 | count 2 | count times seq 8
std::optional<Fault> read_ack(std::span<const std::uint8_t> body, Ack& ack) {
  RecordReader record{body};
  ack.up_to = record.u64();
  const std::size_t count = record.u16();
  if (!record.ok() || record.rest().size() != count * sizeof(Seq)) return undecodable();
  ack.seqs.resize(count);
  for (Seq& seq : ack.seqs) seq = record.u64();
  return std::nullopt;
}

}  // namespace lethe::wire
