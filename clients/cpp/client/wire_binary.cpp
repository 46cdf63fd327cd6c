#include "client/wire_binary.hpp"

#include <utility>

#include "client/byte_cursor.hpp"

namespace lethe::client {

namespace {
enum : std::uint8_t { send_kind = 0x01, ack_kind = 0x02, sent_kind = 0x81, deliver_kind = 0x82, receipt_kind = 0x83 };
constexpr std::size_t length_size = 4;

// Leaves room for the length, and fills it in when the record is whole.
class RecordLength {
 public:
  explicit RecordLength(Bytes& out) : out_(out), at_(out.size()) { out_.resize(at_ + length_size); }
  ~RecordLength() {
    const auto length = static_cast<std::uint32_t>(out_.size() - at_ - length_size);
    for (std::size_t i = 0; i < length_size; ++i) out_[at_ + i] = static_cast<std::uint8_t>(length >> (8 * (3 - i)));
  }
  RecordLength(const RecordLength&) = delete;
  RecordLength& operator=(const RecordLength&) = delete;

 private:
  Bytes& out_;
  std::size_t at_;
};

Result<FromRelay> read_sent(ByteReader in) {
  Sent sent;
  sent.id = in.fixed<MessageId>();
  sent.ttl = seconds(in.number<std::uint32_t>());
  sent.accepted = in.number<std::uint16_t>();
  const auto refused = in.number<std::uint16_t>();
  for (unsigned i = 0; i < refused && in.ok(); ++i) {
    Refusal refusal;
    refusal.device = in.fixed<Address>();
    const auto code = in.number<std::uint8_t>();
    refusal.code = static_cast<RefusalCode>(code);
    const auto retry_after = in.number<std::uint16_t>();
    if (retry_after != 0) refusal.retry_after = seconds(retry_after);
    if (code == 0) return Error::malformed;
    sent.refused.push_back(refusal);
  }
  if (!in.finished()) return Error::malformed;
  return FromRelay(std::move(sent));
}

Result<FromRelay> read_delivery(ByteReader in) {
  Delivery delivery;
  delivery.redelivered = (in.number<std::uint8_t>() & 1) != 0;
  delivery.seq = in.number<std::uint64_t>();
  delivery.id = in.fixed<MessageId>();
  delivery.received = in.number<std::uint64_t>();
  delivery.expires = in.number<std::uint64_t>();
  if (!in.ok()) return Error::malformed;
  delivery.payload.assign(in.rest().begin(), in.rest().end());
  return FromRelay(std::move(delivery));
}

Result<FromRelay> read_receipt(ByteReader in) {
  Receipt receipt;
  receipt.seq = in.number<std::uint64_t>();
  receipt.id = in.fixed<MessageId>();
  receipt.device = in.fixed<Address>();
  const auto status = in.number<std::uint8_t>();
  if (!in.finished() || status < 1 || status > 4) return Error::malformed;
  receipt.status = static_cast<ReceiptStatus>(status);
  return FromRelay(receipt);
}

Result<FromRelay> read_record(ByteView record) {
  ByteReader in(record);
  const auto kind = in.number<std::uint8_t>();
  if (!in.ok()) return Error::malformed;
  switch (kind) {
    case sent_kind: return read_sent(in);
    case deliver_kind: return read_delivery(in);
    case receipt_kind: return read_receipt(in);
    default: return FromRelay(Unknown{});
  }
}
}  // namespace

void append_record(Bytes& out, const Send& send) {
  const RecordLength length(out);
  ByteWriter to(out);
  to.number<std::uint8_t>(send_kind);
  to.number(static_cast<std::uint8_t>((send.receipt ? 1 : 0) | (static_cast<unsigned>(send.urgency) << 1)));
  to.bytes(send.id.bytes);
  to.number(static_cast<std::uint32_t>(send.ttl.count()));
  to.number(static_cast<std::uint8_t>(send.topic.size()));
  to.bytes(as_bytes(send.topic));
  to.number(static_cast<std::uint16_t>(send.to.size()));
  for (const auto& recipient : send.to) {
    to.bytes(recipient.device.bytes);
    to.number(static_cast<std::uint8_t>(recipient.invite ? recipient.invite->size() : 0));
    if (recipient.invite) to.bytes(*recipient.invite);
  }
  to.bytes(send.payload);
}

void append_record(Bytes& out, const Ack& ack) {
  const RecordLength length(out);
  ByteWriter to(out);
  to.number<std::uint8_t>(ack_kind);
  to.number<std::uint64_t>(ack.up_to);
  to.number(static_cast<std::uint16_t>(ack.seqs.size()));
  for (const auto seq : ack.seqs) to.number<std::uint64_t>(seq);
}

Result<std::vector<FromRelay>> read_records(ByteView message) {
  std::vector<FromRelay> records;
  ByteReader in(message);
  do {
    const auto length = in.number<std::uint32_t>();
    const auto bytes = in.take(length);
    if (!in.ok()) return Error::malformed;
    auto record = read_record(bytes);
    if (!record) return record.error();
    records.push_back(std::move(*record));
  } while (!in.rest().empty());
  return records;
}

}  // namespace lethe::client
