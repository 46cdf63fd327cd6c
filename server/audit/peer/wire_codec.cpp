#include "audit/peer/wire_codec.hpp"

#include <algorithm>
#include <stdexcept>

#include <openssl/evp.h>

namespace lethe::peer {
namespace {

constexpr std::string_view urgencies[] = {"very-low", "low", "normal", "high"};
constexpr std::string_view refusals[] = {"",       "not_invited",  "invite_expired",     "mailbox_full", "relay_full",
                                         "offline", "rate_limited", "duplicate_recipient"};
constexpr std::string_view fates[] = {"", "delivered", "expired", "displaced", "evicted"};
constexpr std::uint32_t default_ttl = 604'800;

// Takes a record apart from the front; throws where it is too short.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_{bytes} {}
  std::string_view take(std::size_t count) {
    if (count > bytes_.size()) throw std::runtime_error{"a record of the relay is cut off"};
    const std::string_view part = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return part;
  }
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    for (const char c : take(size)) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
  }
  std::string_view rest() { return take(bytes_.size()); }
  bool empty() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

void append(std::string& out, std::span<const std::uint8_t> bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Heard read_sent(Reader& record) {
  Heard sent{"sent", {}, {}, 0};
  sent.fields["id"] = base64url(record.take(16));
  sent.fields["ttl"] = record.number(4);
  sent.fields["accepted"] = record.number(2);
  Json refused = Json::array();
  for (std::uint64_t left = record.number(2); left > 0; --left) {
    Json one{{"device", base64url(record.take(32))}};
    one["code"] = std::string{refusals[std::min<std::uint64_t>(record.number(1), 7)]};
    if (const std::uint64_t wait = record.number(2); wait > 0) one["retry_after"] = wait;
    refused.push_back(std::move(one));
  }
  sent.fields["refused"] = std::move(refused);
  return sent;
}

Heard read_deliver(Reader& record) {
  Heard deliver{"deliver", {}, {}, 0};
  deliver.fields["redelivered"] = (record.number(1) & 1) != 0;
  deliver.fields["seq"] = record.number(8);
  deliver.fields["id"] = base64url(record.take(16));
  deliver.fields["received"] = record.number(8);
  deliver.fields["expires"] = record.number(8);
  deliver.payload = record.rest();
  return deliver;
}

Heard read_receipt(Reader& record) {
  Heard receipt{"receipt", {}, {}, 0};
  receipt.fields["seq"] = record.number(8);
  receipt.fields["id"] = base64url(record.take(16));
  receipt.fields["device"] = base64url(record.take(32));
  receipt.fields["status"] = std::string{fates[std::min<std::uint64_t>(record.number(1), 4)]};
  return receipt;
}

Heard read_record(std::string_view bytes) {
  Reader record{bytes};
  const std::uint64_t kind = record.number(1);
  Heard heard;
  if (kind == 0x81) heard = read_sent(record);
  else if (kind == 0x82) heard = read_deliver(record);
  else if (kind == 0x83) heard = read_receipt(record);
  else throw std::runtime_error{"a record of unknown kind came from the relay"};
  if (!record.empty()) throw std::runtime_error{"a record of the relay is too long"};
  return heard;
}

}  // namespace

std::string base64url(std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  while (text.ends_with('=')) text.pop_back();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::string base64url(std::string_view text) {
  return base64url(std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string base64url_decode(std::string_view text) {
  std::string standard{text};
  std::ranges::replace(standard, '-', '+');
  std::ranges::replace(standard, '_', '/');
  const std::size_t padding = (4 - standard.size() % 4) % 4;
  standard.append(padding, '=');
  std::string bytes(standard.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(standard.data()), static_cast<int>(standard.size()));
  if (size < 0 || padding == 3) throw std::runtime_error{"the relay's base64url is wrong"};
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

void append_number(std::string& out, std::uint64_t value, int size) {
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

std::string Heard::refusal_of(const Address& device) const {
  for (const Json& refused : fields.at("refused")) {
    if (refused.at("device") == base64url(device.bytes)) return refused.at("code").get<std::string>();
  }
  return {};
}

Json send_message(const Mail& mail) {
  Json message{{"type", "send"}, {"id", base64url(mail.id.bytes)}, {"payload", base64url(mail.payload)}};
  Json to = Json::array();
  for (const Recipient& recipient : mail.to) {
    Json one{{"device", base64url(recipient.device.bytes)}};
    if (recipient.invite) one["invite"] = base64url(*recipient.invite);
    to.push_back(std::move(one));
  }
  message["to"] = std::move(to);
  message["urgency"] = mail.urgency;
  message["receipt"] = mail.receipt;
  if (mail.ttl) message["ttl"] = *mail.ttl;
  if (!mail.topic.empty()) message["topic"] = mail.topic;
  return message;
}

std::string send_record(const Mail& mail) {
  const auto urgency = std::ranges::find(urgencies, mail.urgency) - std::begin(urgencies);
  std::string record{'\x01'};
  append_number(record, static_cast<std::uint64_t>(urgency) << 1 | (mail.receipt ? 1 : 0), 1);
  append(record, mail.id.bytes);
  append_number(record, mail.ttl.value_or(default_ttl), 4);
  append_number(record, mail.topic.size(), 1);
  record += mail.topic;
  append_number(record, mail.to.size(), 2);
  for (const Recipient& recipient : mail.to) {
    append(record, recipient.device.bytes);
    append_number(record, recipient.invite ? recipient.invite->size() : 0, 1);
    if (recipient.invite) append(record, *recipient.invite);
  }
  return record + mail.payload;
}

std::string ack_record(std::uint64_t up_to, const std::vector<std::uint64_t>& seqs) {
  std::string record{'\x02'};
  append_number(record, up_to, 8);
  append_number(record, seqs.size(), 2);
  for (const std::uint64_t seq : seqs) append_number(record, seq, 8);
  return record;
}

std::string framed(std::string_view record) {
  std::string bytes;
  append_number(bytes, record.size(), 4);
  return bytes.append(record);
}

Heard read_message(std::string_view text) {
  Heard heard;
  heard.fields = Json::parse(text);
  heard.type = heard.fields.at("type").get<std::string>();
  if (heard.type != "deliver") return heard;
  heard.payload = base64url_decode(heard.fields.at("payload").get_ref<const std::string&>());
  heard.fields.erase("payload");
  return heard;
}

std::vector<Heard> read_records(std::string_view message) {
  Reader reader{message};
  std::vector<Heard> all;
  do {
    const auto size = static_cast<std::size_t>(reader.number(4));
    all.push_back(read_record(reader.take(size)));
  } while (!reader.empty());
  return all;
}

}  // namespace lethe::peer
