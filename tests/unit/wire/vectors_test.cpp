// The records of tests/vectors/protocol.json, each beside the JSON message that means the same.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "base/base64url.hpp"
#include "unit/wire/naive.hpp"
#include "unit/wire/outgoing.hpp"
#include "unit/wire/recorder.hpp"

namespace lethe::wire {
namespace {

using nlohmann::json;
using naive::Bytes;

json vectors() {
  std::ifstream file{std::filesystem::path{__FILE__}.parent_path() / "../../vectors/protocol.json"};
  return json::parse(file);
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const unsigned byte = static_cast<unsigned char>(c);
    text += "0123456789abcdef"[byte / 16];
    text += "0123456789abcdef"[byte % 16];
  }
  return text;
}

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(at, 2), nullptr, 16)));
  }
  return bytes;
}

std::string raw(const json& text) {
  const std::string letters = text.get<std::string>();
  std::string bytes(base64url::decoded_size(letters.size()), '\0');
  EXPECT_TRUE(base64url::decode(letters, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()}));
  return bytes;
}

template <class Id>
Id id_of(const json& text) {
  const std::string bytes = raw(text);
  EXPECT_EQ(bytes.size(), Id::size);
  return Id::from({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

json described(const Send& send, const std::string& payload) {
  json to = json::array();
  for (const SendTo& recipient : send.to) {
    to.push_back({{"device", naive::base64url(recipient.device.bytes)}});
    if (recipient.invite) to.back()["invite"] = naive::base64url(*recipient.invite);
  }
  json message{{"type", "send"}, {"id", naive::base64url(send.id.bytes)}, {"to", to}, {"ttl", send.ttl->count()}};
  message["payload"] = naive::base64url(Bytes(payload.begin(), payload.end()));
  message["urgency"] = name(send.urgency);
  message["receipt"] = send.receipt;
  if (!send.topic.empty()) message["topic"] = send.topic;
  return message;
}

json described(const Ack& ack) {
  json message{{"type", "ack"}};
  if (ack.up_to != 0) message["up_to"] = ack.up_to;
  if (!ack.seqs.empty()) message["seqs"] = ack.seqs;
  return message;
}

json described(const Recorder& recorder) {
  EXPECT_EQ(recorder.items.size(), 1U);
  if (const Send* const send = std::get_if<Send>(&recorder.items.at(0))) return described(*send, recorder.payloads.at(0));
  return described(std::get<Ack>(recorder.items.at(0)));
}

template <class Outgoing>
void expect_encoded(const json& vector, const Outgoing& outgoing) {
  EXPECT_EQ(hex(encoded(outgoing, Encoding::binary)), vector["record"]);
  EXPECT_EQ(json::parse(encoded(outgoing, Encoding::json)), vector["message"]);
}

void check_sent(const json& vector) {
  const json& message = vector["message"];
  Sent sent{id_of<MessageId>(message["id"]), message["accepted"], seconds{message["ttl"].get<int>()}, {}};
  for (const json& refused : message["refused"]) {
    unsigned code = 1;
    while (name(static_cast<mailbox::Refusal>(code)) != refused["code"]) ++code;
    const seconds retry_after{refused.value("retry_after", 0)};
    sent.refused.push_back({id_of<Address>(refused["device"]), static_cast<mailbox::Refusal>(code), retry_after});
  }
  expect_encoded(vector, sent);
}

void check_delivery(const json& vector) {
  const json& message = vector["message"];
  Arena arena{Arena::Options{.size = 1 << 20, .locking = MemoryLocking::off, .shards = 1}};
  const mailbox::Payload payload = payload_of(raw(message["payload"]), arena.shard(0));
  const MessageId id = id_of<MessageId>(message["id"]);
  const Wall received = wall(message["received"]);
  const Wall expires = wall(message["expires"]);
  expect_encoded(vector, mailbox::Delivery{message["seq"], id, received, expires, message["redelivered"], payload});
}

void check_receipt(const json& vector) {
  const json& message = vector["message"];
  unsigned fate = 1;
  while (name(static_cast<mailbox::Fate>(fate)) != message["status"]) ++fate;
  const MessageId id = id_of<MessageId>(message["id"]);
  const Address device = id_of<Address>(message["device"]);
  expect_encoded(vector, mailbox::ReceiptDelivery{message["seq"], id, device, static_cast<mailbox::Fate>(fate)});
}

TEST(Vectors, OfClientRecordsMeanWhatTheirMessagesMean) {
  unsigned checked = 0;
  const json records = vectors()["records"];
  for (const json& vector : records) {
    if (vector["from"] != "client") continue;
    SCOPED_TRACE(vector["name"]);
    Recorder binary;
    decode_binary(from_hex(vector["record"]), binary);
    EXPECT_EQ(described(binary), vector["message"]);
    Recorder text;
    decode_text(vector["message"].dump(), text);
    EXPECT_EQ(described(text), vector["message"]);
    ++checked;
  }
  EXPECT_EQ(checked, 7U);
}

TEST(Vectors, OfTheRelaysRecordsAreWhatItWrites) {
  unsigned checked = 0;
  const json records = vectors()["records"];
  for (const json& vector : records) {
    if (vector["from"] != "relay") continue;
    SCOPED_TRACE(vector["name"]);
    const std::string type = vector["message"]["type"];
    if (type == "sent") check_sent(vector);
    else if (type == "deliver") check_delivery(vector);
    else check_receipt(vector);
    ++checked;
  }
  EXPECT_EQ(checked, 8U);
}

TEST(Vectors, OfAuthAreMessagesThatTheDecoderTakes) {
  const json all = vectors();
  for (const json& vector : all["auth"]) {
    SCOPED_TRACE(vector["name"]);
    Recorder recorder;
    decode_text(vector["message"].dump(), recorder);
    const Auth& auth = recorder.only<Auth>();
    EXPECT_EQ(naive::base64url(auth.device.bytes), all["keys"]["alice"]["address"]);
    EXPECT_EQ(naive::base64url(auth.signature.bytes), naive::base64url(from_hex(vector["signature"])));
    EXPECT_EQ(auth.exporter_bound, vector.contains("exporter"));
    EXPECT_EQ(auth.epoch, Epoch{0x00112233445566aa});
    EXPECT_EQ(auth.mailbox.generation, 7U);
  }
}

TEST(Vectors, OfRefusalsAndStatusesAreTheirNumbers) {
  const json all = vectors();
  for (const json& vector : all["refusals"]) {
    EXPECT_EQ(name(static_cast<mailbox::Refusal>(vector["number"].get<int>())), vector["code"]);
  }
  for (const json& vector : all["statuses"]) {
    EXPECT_EQ(name(static_cast<mailbox::Fate>(vector["number"].get<int>())), vector["status"]);
  }
  EXPECT_EQ(all["refusals"].size() + all["statuses"].size(), 11U);
}

void expect_fault(const json& vector, const Recorder& recorder) {
  SCOPED_TRACE(vector["name"]);
  ASSERT_FALSE(recorder.items.empty());
  const Fault* const fault = std::get_if<Fault>(&recorder.items.back());
  if (fault == nullptr) {   // a payload's last bits are looked at where it is stored: who stores it refuses the send
    ASSERT_EQ(recorder.payloads, std::vector<std::string>{"(not stored)"});
    EXPECT_EQ(vector["outcome"], "refused");
    return;
  }
  EXPECT_EQ(fault->fatal, vector["outcome"] == "ends");
  EXPECT_EQ(name(fault->code), vector["code"]);
}

TEST(Vectors, OfBadRecordsEndTheSessionOrAreRefusedAlone) {
  const json records = vectors()["bad_records"];
  for (const json& vector : records) {
    Recorder recorder;
    decode_binary(from_hex(vector["message"]), recorder);
    expect_fault(vector, recorder);
  }
  EXPECT_EQ(records.size(), 16U);
}

TEST(Vectors, OfBadTextsEndTheSessionOrAreRefusedAlone) {
  const json texts = vectors()["bad_texts"];
  for (const json& vector : texts) {
    Recorder recorder;
    decode_text(vector["text"], recorder);
    expect_fault(vector, recorder);
  }
  EXPECT_EQ(texts.size(), 32U);
}

TEST(Vectors, OfBase64urlAreDecodedStrictly) {
  unsigned refused = 0;
  const json texts = vectors()["base64url"];
  for (const json& vector : texts) {
    const std::string text = vector["text"];
    SCOPED_TRACE(text);
    Bytes bytes(base64url::decoded_size(text.size()));
    const bool taken = base64url::decode(text, bytes).has_value();
    EXPECT_EQ(taken, vector.contains("bytes"));
    if (taken) {
      EXPECT_EQ(bytes, from_hex(vector.value("bytes", "")));
    } else {
      ++refused;
    }
  }
  EXPECT_EQ(refused, 10U);
}

}  // namespace
}  // namespace lethe::wire
