#pragma once
// A second, slow and plain way to write what clients send and to read what the relay sends, independent of the codecs
// under test.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lethe/wire/messages.hpp>

namespace lethe::wire::naive {

using Bytes = std::vector<std::uint8_t>;

inline std::string base64url(std::span<const std::uint8_t> bytes) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string bits;
  for (const std::uint8_t byte : bytes) {
    for (int i = 7; i >= 0; --i) bits += (byte >> i & 1) != 0 ? '1' : '0';
  }
  while (bits.size() % 6 != 0) bits += '0';
  std::string text;
  for (std::size_t at = 0; at < bits.size(); at += 6) text += letters[std::stoul(bits.substr(at, 6), nullptr, 2)];
  return text;
}

inline void append(Bytes& out, std::span<const std::uint8_t> bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
inline void append(Bytes& out, std::uint64_t value, unsigned size) {
  for (unsigned i = size; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline Bytes with_length(const Bytes& record) {
  Bytes out;
  append(out, record.size(), 4);
  append(out, record);
  return out;
}

// What a client wants to send; the payload is its own copy.
struct Draft {
  MessageId id;
  std::vector<SendTo> to;
  std::uint32_t ttl = 60;
  mailbox::Urgency urgency = mailbox::Urgency::normal;
  std::string topic;
  bool receipt = false;
  Bytes payload;
};

inline Bytes send_record(const Draft& draft) {
  Bytes out;
  append(out, 0x01, 1);
  append(out, (draft.receipt ? 1U : 0U) + 2U * static_cast<unsigned>(draft.urgency), 1);
  append(out, draft.id.bytes);
  append(out, draft.ttl, 4);
  append(out, draft.topic.size(), 1);
  out.insert(out.end(), draft.topic.begin(), draft.topic.end());
  append(out, draft.to.size(), 2);
  for (const SendTo& to : draft.to) {
    append(out, to.device.bytes);
    append(out, to.invite ? 92 : 0, 1);
    if (to.invite) append(out, *to.invite);
  }
  append(out, draft.payload);
  return out;
}

inline std::string send_text(const Draft& draft) {
  static constexpr const char* urgencies[] = {"very-low", "low", "normal", "high"};
  std::string to;
  for (const SendTo& recipient : draft.to) {
    to += std::string(to.empty() ? "" : ", ") + R"({"device":")" + base64url(recipient.device.bytes) + "\"";
    if (recipient.invite) to += R"(,"invite":")" + base64url(*recipient.invite) + "\"";
    to += "}";
  }
  std::string text = R"({"type": "send", "payload": ")" + base64url(draft.payload) + R"(", "id": ")" + base64url(draft.id.bytes);
  text += R"(", "to": [)" + to + R"(], "ttl": )" + std::to_string(draft.ttl) + R"(, "urgency": ")";
  text += urgencies[static_cast<unsigned>(draft.urgency)];
  if (!draft.topic.empty()) text += R"(", "topic": ")" + draft.topic;
  return text + R"(", "receipt": )" + (draft.receipt ? "true" : "false") + "}";
}

inline Bytes ack_record(const Ack& ack) {
  Bytes out;
  append(out, 0x02, 1);
  append(out, ack.up_to, 8);
  append(out, ack.seqs.size(), 2);
  for (const Seq seq : ack.seqs) append(out, seq, 8);
  return out;
}

inline std::string ack_text(const Ack& ack) {
  std::string seqs;
  for (const Seq seq : ack.seqs) seqs += (seqs.empty() ? "" : ",") + std::to_string(seq);
  return R"({"seqs":[)" + seqs + R"(],"type":"ack","up_to":)" + std::to_string(ack.up_to) + "}";
}

// Reads numbers and bytes off the front of a record.
class Cut {
 public:
  explicit Cut(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}
  std::uint64_t number(unsigned size) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : take(size)) value = value * 256 + byte;
    return value;
  }
  Bytes take(std::size_t size) {
    Bytes taken{bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size)};
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace lethe::wire::naive
