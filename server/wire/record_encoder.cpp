#include "wire/record_encoder.hpp"

#include <algorithm>
#include <limits>

#include "wire/payload_reader.hpp"
#include "wire/record_writer.hpp"

namespace lethe::wire::record {
namespace {

// length 4 | kind 1 | …
constexpr std::size_t kHead = record_prefix + 1;
// sent: id 16 | ttl 4 | accepted 2 | refused 2 | each: device 32, code 1, retry_after 2
constexpr std::size_t kSent = kHead + MessageId::size + 4 + 2 + 2;
constexpr std::size_t kRefused = Address::size + 1 + 2;
// deliver: flags 1 (bit 0 redelivered) | seq 8 | id 16 | received 8 | expires 8 | payload
constexpr std::size_t kDeliver = kHead + 1 + 8 + MessageId::size + 8 + 8;
// receipt: seq 8 | id 16 | device 32 | status 1
constexpr std::size_t kReceipt = kHead + 8 + MessageId::size + Address::size + 1;

template <class T>
T at_most(std::int64_t value) noexcept {
  return static_cast<T>(std::clamp<std::int64_t>(value, 0, std::numeric_limits<T>::max()));
}

std::uint64_t milliseconds_of(Wall time) noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(time.time_since_epoch().count(), 0));
}

}  // namespace

std::size_t size_of(const Sent& sent) noexcept { return kSent + sent.refused.size() * kRefused; }
std::size_t size_of(const mailbox::Delivery& delivery) noexcept { return kDeliver + delivery.payload.size(); }
std::size_t size_of(const mailbox::ReceiptDelivery&) noexcept { return kReceipt; }

void write(const Sent& sent, std::span<std::uint8_t> out) noexcept {
  LETHE_CHECK(sent.refused.size() <= std::numeric_limits<std::uint16_t>::max());
  RecordWriter writer{RecordKind::sent, out};
  writer.bytes(sent.id.bytes).number(at_most<std::uint32_t>(sent.ttl.count()));
  writer.number(at_most<std::uint16_t>(sent.accepted)).number(static_cast<std::uint16_t>(sent.refused.size()));
  for (const RefusedRecipient& refused : sent.refused) {
    writer.bytes(refused.device.bytes).number(static_cast<std::uint8_t>(refused.code));
    writer.number(at_most<std::uint16_t>(refused.retry_after.count()));
  }
  writer.finish();
}

void write(const mailbox::Delivery& delivery, std::span<std::uint8_t> out) noexcept {
  RecordWriter writer{RecordKind::deliver, out};
  writer.number(static_cast<std::uint8_t>(delivery.redelivered ? 1 : 0)).number(delivery.seq).bytes(delivery.id.bytes);
  writer.number(milliseconds_of(delivery.received)).number(milliseconds_of(delivery.expires));
  PayloadReader::copy(delivery.payload, Encoding::binary, writer.reserve(delivery.payload.size()));
  writer.finish();
}

void write(const mailbox::ReceiptDelivery& receipt, std::span<std::uint8_t> out) noexcept {
  RecordWriter writer{RecordKind::receipt, out};
  writer.number(receipt.seq).bytes(receipt.id.bytes).bytes(receipt.device.bytes);
  writer.number(static_cast<std::uint8_t>(receipt.fate));
  writer.finish();
}

}  // namespace lethe::wire::record
