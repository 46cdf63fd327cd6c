#include "wire/decoder.hpp"

#include <lethe/base/wipe.hpp>

#include "base/big_endian.hpp"
#include "base/mutation.hpp"
#include "wire/json_fields.hpp"
#include "wire/record_kind.hpp"
#include "wire/record_messages.hpp"
#include "wire/text_messages.hpp"
#include "wire/text_scan.hpp"

namespace lethe::wire {
namespace {

Fault undecodable(std::string_view detail) { return {ErrorCode::malformed, detail, {}, true}; }

// Hands `message` over unless it was refused.
template <class Message>
std::optional<Fault> pass(const Message& message, std::optional<Fault> fault, ClientMessages& messages) {
  if (!fault) messages.on(message);
  return fault;
}

// Overwrites what a send leaves in the decoder's memory: an id, addresses, invites, a topic.
class Forgetting {
 public:
  explicit Forgetting(Send& send) noexcept : send_{send} {}
  Forgetting(const Forgetting&) = delete;
  ~Forgetting() {
    if (LETHE_KEEP(decoder_wipe)) {
      wipe(std::span{send_.id.bytes});
      wipe(std::span{send_.to});
      wipe(std::span{send_.topic});
    }
    send_.to.clear();
    send_.topic.clear();
    send_.payload = {};
  }

 private:
  Send& send_;
};

}  // namespace

std::span<std::uint8_t> Decoder::decode(Encoding encoding, Frame kind, std::span<std::uint8_t> frame, ClientMessages& messages,
                                        Faults& faults) {
  if (!messages.open()) return {};
  if (kind == Frame::binary && encoding == Encoding::binary) return decode_records(frame, messages, faults);
  if (kind == Frame::binary) {
    faults.on(undecodable("A session of this subprotocol has text messages only."));
  } else if (const std::optional<Fault> fault = decode_text(encoding, frame, messages)) {
    faults.on(*fault);
  }
  return {};
}

std::optional<Fault> Decoder::decode_text(Encoding encoding, std::span<std::uint8_t> frame, ClientMessages& messages) {
  const std::span<char> text{reinterpret_cast<char*>(frame.data()), frame.size()};
  const TextScan scan = scan_text(text, {limits_.session.json_depth, limits_.session.frame / bytes_a_value});
  if (scan.verdict == TextScan::Verdict::too_deep) return undecodable("The message is nested too deeply.");
  if (scan.verdict == TextScan::Verdict::too_many) return undecodable("The message has too many values.");
  if (scan.verdict != TextScan::Verdict::fine) return undecodable("The message is not JSON.");
  const AroundPayload begin{text.data(), scan.payload};
  const AroundPayload end{text.data() + text.size(), scan.payload};
  const Json object = Json::parse(begin, end, nullptr, false);
  if (!object.is_object()) return undecodable("The message is not a JSON object.");

  const std::string_view type = text_field(object, "type");
  const bool records = encoding == Encoding::binary;
  if (type == "send" || type == "ack") {
    if (records) return Fault{ErrorCode::unsupported, "In this session, send and ack are binary records."};
    if (type == "ack") return pass(ack_, read_ack(object, ack_), messages);
    const Forgetting afterwards{send_};
    return pass(send_, read_send(object, scan, limits_.message, send_), messages);
  }
  if (type == "ping") return pass(Ping{}, std::nullopt, messages);
  if (type == "auth") {
    Auth auth;
    std::optional<Fault> fault = read_auth(object, limits_.mailbox, auth);
    return pass(auth, fault, messages);
  }
  if (type == "mailbox") {
    MailboxChange change;
    std::optional<Fault> fault = read_mailbox(object, limits_.mailbox, change);
    return pass(change, fault, messages);
  }
  if (type == "recall") {
    Recall recall;
    std::optional<Fault> fault = read_recall(object, recall);
    return pass(recall, fault, messages);
  }
  const Json* const given = field(object, "type");
  if (given == nullptr || !given->is_string()) return Fault{ErrorCode::malformed, "A message has a type."};
  return Fault{ErrorCode::unsupported, "The type of the message is unknown."};
}

// A binary message: one or more of: length 4 | that many bytes, the first of them the kind
std::span<std::uint8_t> Decoder::decode_records(std::span<std::uint8_t> frame, ClientMessages& messages, Faults& faults) {
  std::size_t decoded = 0;
  do {
    std::optional<Fault> fault;
    std::size_t length = 0;
    if (frame.size() <= record_prefix) {
      fault = undecodable("A binary message is not made of whole records.");
    } else {
      length = load_big_endian<std::uint32_t>(frame.data());
      frame = frame.subspan(record_prefix);
      if (length == 0 || length > frame.size()) fault = undecodable("A record has a wrong length.");
      else fault = decode_record(frame.first(length), messages);
    }
    if (fault) faults.on(*fault);
    if ((fault && fault->fatal) || !messages.open()) return {};
    frame = frame.subspan(length);
  } while (!frame.empty() && ++decoded < records_at_once);
  return frame;
}

std::optional<Fault> Decoder::decode_record(std::span<const std::uint8_t> record, ClientMessages& messages) {
  const std::span<const std::uint8_t> body = record.subspan(1);
  switch (static_cast<RecordKind>(record.front())) {
    case RecordKind::send: {
      const Forgetting afterwards{send_};
      return pass(send_, read_send(body, limits_.message, send_), messages);
    }
    case RecordKind::ack: return pass(ack_, read_ack(body, ack_), messages);
    default: return Fault{ErrorCode::unsupported, "The kind of the record is unknown."};
  }
}

}  // namespace lethe::wire
