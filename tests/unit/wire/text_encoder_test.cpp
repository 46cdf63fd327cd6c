#include <gtest/gtest.h>

#include <limits>

#include <nlohmann/json.hpp>

#include "unit/wire/outgoing.hpp"
#include "unit/wire/recorder.hpp"

namespace lethe::wire {
namespace {

class TextEncoder : public testing::Test {
 protected:
  Arena arena_{Arena::Options{.size = 4 << 20, .locking = MemoryLocking::off, .shards = 1}};
};

TEST_F(TextEncoder, WritesAHello) {
  Hello hello;
  hello.relay = "relay.example";
  hello.nonce = filled<Nonce>(0xff);
  hello.epoch = Epoch{0xABCD};
  hello.time = wall(1700000000123);
  hello.payload = 65536;
  hello.recipients = 1024;
  hello.ttl = seconds{1209600};
  hello.window = 256;
  hello.window_bytes = 1048576;
  hello.idle = seconds{300};
  EXPECT_EQ(encoded(hello, Encoding::json),
            R"({"type":"hello","relay":"relay.example","nonce":")" + address_ff +
                R"(","epoch":"000000000000abcd","time":1700000000123,"limits":{"payload":65536,"recipients":1024,"ttl":1209600,)"
                R"("window":256,"window_bytes":1048576,"idle":300}})");
  EXPECT_EQ(encoded(hello, Encoding::binary), encoded(hello, Encoding::json));
}

TEST_F(TextEncoder, EscapesWhatJsonDemands) {
  Hello hello;
  hello.relay = "a\"b\\c\n\x1f\xc3\xa9";
  const std::string text = encoded(hello, Encoding::json);
  EXPECT_EQ(nlohmann::json::parse(text)["relay"], hello.relay);
  hello.relay.assign(1000, '\x01');
  EXPECT_EQ(nlohmann::json::parse(encoded(hello, Encoding::json))["relay"], hello.relay);
}

TEST_F(TextEncoder, WritesAReady) {
  Ready ready;
  ready.device = filled<Address>(0xff);
  ready.epoch = Epoch{0xfedcba9876543210};
  ready.queued = 1;
  ready.queued_bytes = 2;
  ready.missed = {3, 4, 5};
  EXPECT_EQ(encoded(ready, Encoding::json),
            R"({"type":"ready","device":")" + address_ff +
                R"(","epoch":"fedcba9876543210","queued":1,"queued_bytes":2,)"
                R"("missed":{"expired":3,"displaced":4,"recalled":5},"continuous":false})");
  ready.continuous = true;
  EXPECT_NE(encoded(ready, Encoding::json).find(R"("continuous":true})"), std::string::npos);
}

TEST_F(TextEncoder, WritesASent) {
  Sent sent;
  sent.id = filled<MessageId>(0xff);
  sent.accepted = 2;
  sent.ttl = seconds{60};
  EXPECT_EQ(encoded(sent, Encoding::json), R"({"type":"sent","id":")" + id_ff + R"(","accepted":2,"ttl":60,"refused":[]})");
  sent.refused = {{filled<Address>(0xff), mailbox::Refusal::offline, seconds{0}}, {Address{}, mailbox::Refusal::rate_limited,
      seconds{7}}};
  EXPECT_EQ(encoded(sent, Encoding::json), R"({"type":"sent","id":")" + id_ff +
      R"(","accepted":2,"ttl":60,"refused":[{"device":")" +
                                               address_ff + R"(","code":"offline"},{"device":")" + address_00 +
                                               R"(","code":"rate_limited","retry_after":7}]})");
}

TEST_F(TextEncoder, WritesTheOtherControlMessages) {
  EXPECT_EQ(encoded(CaughtUp{Epoch{1}}, Encoding::json), R"({"type":"caught_up","epoch":"0000000000000001"})");
  EXPECT_EQ(encoded(Pong{wall(5)}, Encoding::json), R"({"type":"pong","time":5})");
  EXPECT_EQ(encoded(Recalled{filled<MessageId>(0xff), Address{}, mailbox::RecallStatus::in_flight}, Encoding::json),
            R"({"type":"recalled","id":")" + id_ff + R"(","device":")" + address_00 + R"(","status":"in_flight"})");
  EXPECT_EQ(encoded(Error{ErrorCode::unsupported, "No.", {}, seconds{0}}, Encoding::json),
            R"({"type":"error","code":"unsupported","detail":"No."})");
  EXPECT_EQ(encoded(Error{ErrorCode::rate_limited, "Slow down.", MessageId{}, seconds{3}}, Encoding::json),
            R"({"type":"error","code":"rate_limited","detail":"Slow down.","id":")" + id_00 + R"(","retry_after":3})");
  EXPECT_EQ(encoded(Closing{CloseReason::replaced, seconds{0}}, Encoding::json),
            R"({"type":"closing","reason":"replaced","retry_after":0})");
  EXPECT_EQ(encoded(Closing{CloseReason::draining, seconds{9}}, Encoding::json),
            R"({"type":"closing","reason":"draining","retry_after":9})");
}

TEST_F(TextEncoder, WritesADelivery) {
  const mailbox::Payload payload = payload_of("hello", arena_.shard(0));
  const MessageId id = filled<MessageId>(0xff);
  EXPECT_EQ(encoded(mailbox::Delivery{1, id, wall(2), wall(3), false, payload}, Encoding::json),
            R"({"type":"deliver","seq":1,"id":")" + id_ff +
            R"(","received":2,"expires":3,"redelivered":false,"payload":"aGVsbG8"})");
  const mailbox::Payload empty = payload_of("", arena_.shard(0));
  EXPECT_EQ(encoded(mailbox::Delivery{18446744073709551615U, id, wall(2), wall(3), true, empty}, Encoding::json),
            R"({"type":"deliver","seq":18446744073709551615,"id":")" + id_ff +
            R"(","received":2,"expires":3,"redelivered":true,"payload":""})");
}

TEST_F(TextEncoder, WritesAReceipt) {
  const MessageId id = filled<MessageId>(0xff);
  const Address device = filled<Address>(0xff);
  EXPECT_EQ(encoded(mailbox::ReceiptDelivery{7, id, device, mailbox::Fate::displaced}, Encoding::json),
            R"({"type":"receipt","seq":7,"id":")" + id_ff + R"(","device":")" + address_ff + R"(","status":"displaced"})");
}

TEST_F(TextEncoder, HasRoomForTheLargestNumbers) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const Wall earliest = wall(std::numeric_limits<std::int64_t>::min());
  const seconds longest = seconds::max();
  Hello hello{"r", {}, Epoch{most}, earliest, most, 4294967295U, longest, 4294967295U, most, longest};
  Ready ready{{}, Epoch{most}, most, most, {most, most, most}, false};
  Sent sent{{}, 4294967295U, longest, std::vector<RefusedRecipient>(100, {{}, mailbox::Refusal::duplicate_recipient, longest})};
  const Error error{ErrorCode::too_many_recipients, "", MessageId{}, longest};
  for (const ServerMessage& message : {ServerMessage{hello}, ServerMessage{ready}, ServerMessage{sent}, ServerMessage{error}}) {
    EXPECT_TRUE(nlohmann::json::accept(encoded(message, Encoding::json)));
  }
  const mailbox::Payload payload = payload_of("12", arena_.shard(0));
  EXPECT_TRUE(nlohmann::json::accept(encoded(mailbox::Delivery{most, {}, earliest, earliest, false, payload}, Encoding::json)));
  EXPECT_TRUE(nlohmann::json::accept(encoded(mailbox::ReceiptDelivery{most, {}, {}, mailbox::Fate::delivered}, Encoding::json)));
}

TEST_F(TextEncoder, SaysWhichFrameAMessageBelongsIn) {
  EXPECT_EQ(Encoder{Encoding::json}.frame_of(Sent{}), Frame::text);
  EXPECT_EQ(Encoder{Encoding::binary}.frame_of(Sent{}), Frame::binary);
  EXPECT_EQ(Encoder{Encoding::binary}.frame_of_sent(), Frame::binary);
  EXPECT_EQ(Encoder{Encoding::json}.frame_of_sent(), Frame::text);
  for (const ServerMessage& message : {ServerMessage{Hello{}}, ServerMessage{Pong{}}, ServerMessage{Error{}},
      ServerMessage{Closing{}}}) {
    EXPECT_EQ(Encoder{Encoding::binary}.frame_of(message), Frame::text);
  }
}

}  // namespace
}  // namespace lethe::wire
