#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "client/wire_json.hpp"
#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;
using nlohmann::json;

namespace {
const std::string alice_text = "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg";
const std::string id_text = "EBESExQVFhcYGRobHB0eHw";  // 10…1f

json written(const Bytes& bytes) { return json::parse(bytes.begin(), bytes.end()); }

template <class T>
T read_as(std::string_view text) {
  return std::get<T>(read_json(as_bytes(text)).value());
}
}  // namespace

TEST(Json, WritesAuthWithAllItsFields) {
  Auth auth;
  auth.device = alice().address();
  auth.admission = "a.b.c";
  auth.bound = true;
  auth.mailbox = {true, 3u, std::vector{fixed<InviteLabel>(0)}, 16u, Urgency::very_low};
  auth.epoch = Epoch{0x1F};
  EXPECT_EQ(written(to_json(auth)),
            json::parse(R"({"type":"auth","device":")" + alice_text + R"(","signature":")" + std::string(86, 'A') +
                        R"(","admission":"a.b.c","binding":"tls-exporter","mailbox":{"senders":"anyone","generation":3,
                        "revoked":["AAECAwQFBgc"],"window":16,"min_urgency":"very-low"},"epoch":"000000000000001f"})"));
}

TEST(Json, LeavesOutWhatWasNotGiven) {
  EXPECT_EQ(written(to_json(Auth{})).size(), 3u);
  EXPECT_EQ(written(to_json(MailboxSettings{})), json::parse(R"({"type":"mailbox"})"));
}

TEST(Json, WritesASend) {
  Send send;
  send.id = fixed<MessageId>(0x10);
  send.to = {{alice().address(), std::nullopt}, {alice().address(), InviteBytes{}}};
  send.payload = unhex("cafe");
  send.topic = "t";
  EXPECT_EQ(written(to_json(send)),
            json::parse(R"({"type":"send","id":")" + id_text + R"(","to":[{"device":")" + alice_text + R"("},{"device":")" + alice_text +
                        R"(","invite":")" + std::string(123, 'A') +
                        R"("}],"payload":"yv4","ttl":604800,"urgency":"normal","topic":"t","receipt":false})"));
}

TEST(Json, WritesAckRecallAndPing) {
  EXPECT_EQ(written(to_json(Ack{5, {}})), json::parse(R"({"type":"ack","up_to":5})"));
  EXPECT_EQ(written(to_json(Ack{0, {7, 9}})), json::parse(R"({"type":"ack","seqs":[7,9]})"));
  EXPECT_EQ(written(to_json(Recall{fixed<MessageId>(0x10), alice().address()})),
            json::parse(R"({"type":"recall","id":")" + id_text + R"(","device":")" + alice_text + R"("})"));
  EXPECT_EQ(written(to_json(Ping{})), json::parse(R"({"type":"ping"})"));
}

TEST(Json, ReadsHello) {
  const auto hello = read_as<Hello>(R"({"type":"hello","relay":"relay.example","nonce":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "epoch":"00000000000000ff","time":17,"limits":{"payload":1024,"recipients":3,"ttl":4,"window":5,"idle":6},"later":[]})");
  EXPECT_EQ(hello.relay, "relay.example");
  EXPECT_EQ(hello.nonce, fixed<Nonce>(0));
  EXPECT_EQ(hello.epoch, Epoch{255});
  EXPECT_EQ(hello.limits.payload, 1'024u);
  EXPECT_EQ(hello.limits.window, 5u);
}

TEST(Json, ReadsReadyAndCaughtUp) {
  const auto ready = read_as<Ready>(R"({"type":"ready","device":"x","epoch":"0123456789abcdef","queued":2,"queued_bytes":30,
    "missed":{"expired":1,"displaced":2,"recalled":3},"continuous":false})");
  EXPECT_EQ(ready.epoch, Epoch{0x0123456789abcdef});
  EXPECT_EQ(ready.queued, 2u);
  EXPECT_EQ(ready.missed.recalled, 3u);
  EXPECT_FALSE(ready.continuous);
  EXPECT_EQ(read_as<CaughtUp>(R"({"type":"caught_up","epoch":"0000000000000001"})").epoch, Epoch{1});
}

TEST(Json, ReadsADelivery) {
  const auto delivery = read_as<Delivery>(R"({"type":"deliver","seq":9,"id":")" + id_text +
                                          R"(","received":1,"expires":2,"redelivered":true,"payload":"yv4"})");
  EXPECT_EQ(delivery.seq, 9u);
  EXPECT_EQ(delivery.id, fixed<MessageId>(0x10));
  EXPECT_TRUE(delivery.redelivered);
  EXPECT_EQ(hex(delivery.payload), "cafe");
}

TEST(Json, ReadsSentWithRefusals) {
  const auto sent = read_as<Sent>(R"({"type":"sent","id":")" + id_text + R"(","accepted":1,"ttl":60,"refused":[
    {"device":")" + alice_text + R"(","code":"rate_limited","retry_after":3},{"device":")" + alice_text + R"(","code":"of_tomorrow"}]})");
  ASSERT_EQ(sent.refused.size(), 2u);
  EXPECT_EQ(sent.refused[0].code, RefusalCode::rate_limited);
  EXPECT_EQ(sent.refused[0].retry_after, seconds(3));
  EXPECT_EQ(name_of(sent.refused[1].code), "unknown");
}

TEST(Json, ReadsReceiptRecalledErrorClosingAndPong) {
  const auto tail = R"("id":")" + id_text + R"(","device":")" + alice_text + R"(",)";
  EXPECT_EQ(read_as<Receipt>(R"({"type":"receipt","seq":4,)" + tail + R"("status":"evicted"})").status, ReceiptStatus::evicted);
  EXPECT_EQ(read_as<Recalled>(R"({"type":"recalled",)" + tail + R"("status":"in_flight"})").status, RecallStatus::in_flight);
  const auto error = read_as<ErrorReply>(R"({"type":"error","code":"rate_limited","detail":"slow","id":")" + id_text + R"(","retry_after":2})");
  EXPECT_EQ(error.code, "rate_limited");
  EXPECT_EQ(error.id, fixed<MessageId>(0x10));
  EXPECT_EQ(error.retry_after, seconds(2));
  EXPECT_EQ(read_as<Closing>(R"({"type":"closing","reason":"draining","retry_after":7})").retry_after, seconds(7));
  EXPECT_EQ(read_as<Pong>(R"({"type":"pong","time":5})").time, 5u);
}

TEST(Json, IgnoresTypesOfLaterVersions) { read_as<Unknown>(R"({"type":"wave"})"); }

TEST(Json, IsMalformedWhenAFieldIsMissingOrOfAnotherKind) {
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("{"), std::string("{}"), std::string(R"({"type":7})"),
        std::string(R"({"type":"hello","relay":"r","nonce":"AA","epoch":"0000000000000001"})"),
        std::string(R"({"type":"ready","epoch":"1","continuous":true})"),
        std::string(R"({"type":"ready","epoch":"0000000000000001","continuous":"yes"})"),
        std::string(R"({"type":"sent","id":")") + id_text + R"(","accepted":-1,"ttl":0})",
        std::string(R"({"type":"sent","id":")") + id_text + R"(","accepted":1,"refused":[7]})",
        std::string(R"({"type":"deliver","seq":1,"id":")") + id_text + R"(","payload":"=="})",
        std::string(R"({"type":"closing"})")}) {
    EXPECT_EQ(read_json(as_bytes(text)).error(), Error::malformed) << text;
  }
}

}  // namespace lethe::client
