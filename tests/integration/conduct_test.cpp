// Clients that send what they must not, too much of it, too slowly, or nothing at all.
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

class Conduct : public testing::TestWithParam<Encoding> {
 protected:
  static WirePeer enter(const RelayProcess& relay, const TestKey& key, const Json& mailbox = Json::object()) {
    WirePeer peer{relay, GetParam()};
    peer.enter(key, {.mailbox = mailbox});
    return peer;
  }

  TestKey alice{1};
  TestKey bob{2};
};
INSTANTIATE_TEST_SUITE_P(Encodings, Conduct, testing::Values(Encoding::json, Encoding::binary),
                         [](const auto& encoding) { return std::string{name_of(encoding.param)}; });

TEST_P(Conduct, APayloadTooLargeIsRefusedAndTheSessionGoesOn) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  const Mail mail = mail_to({alice.address(), {}}, std::string(65'537, 'x'));
  peer.send(mail);
  const Heard error = peer.expect("error");
  EXPECT_EQ(error.text("code"), "too_large");
  EXPECT_TRUE(error.is(mail.id));
  EXPECT_EQ(peer.post(mail_to({alice.address(), {}})).number("accepted"), 1);
}

TEST_P(Conduct, TooManyRecipientsAreRefusedAndTheSessionGoesOn) {
  const RelayProcess relay{{{"limits.message.recipients", "2"}}};
  WirePeer peer = enter(relay, alice);
  Mail mail = mail_to({alice.address(), {}});
  for (std::uint64_t seed : {11, 12}) mail.to.push_back({TestKey{seed}.address(), {}});
  peer.send(mail);
  const Heard error = peer.expect("error");
  EXPECT_EQ(error.text("code"), "too_many_recipients");
  EXPECT_TRUE(error.is(mail.id));
  peer.settle();
}

TEST_P(Conduct, TheMostRecipientsOfTheLargestPayloadFit) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  Mail mail = mail_to(invited(bob), std::string(65'536, 'x'));
  const auto invite = mail.to.front().invite;
  for (std::uint64_t seed = 100; mail.to.size() < 1'024; ++seed) mail.to.push_back({TestKey{seed}.address(), invite});
  const Heard sent = peer.post(mail);
  EXPECT_EQ(sent.number("accepted"), 1);
  EXPECT_EQ(sent.fields.at("refused").size(), 1'023U);
}

TEST_P(Conduct, WhatCanNotBeDecodedEndsTheSession) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  if (GetParam() == Encoding::json) peer.say_text("{\"type\":\"ping\"");
  else peer.say_binary(std::string{"\0\0\0\x09\x02", 5});
  EXPECT_EQ(peer.expect("error").text("code"), "malformed");
  EXPECT_GE(peer.expect_closing("protocol", 1002).number("retry_after"), 1);
}

TEST_P(Conduct, AFieldThatIsWrongIsRefusedAndTheSessionGoesOn) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  Mail mail = mail_to({alice.address(), {}});
  mail.topic = "no spaces";
  peer.send(mail);
  const Heard error = peer.expect("error");
  EXPECT_EQ(error.text("code"), "malformed");
  EXPECT_TRUE(error.is(mail.id));
  peer.settle();
}

TEST_P(Conduct, AnUnknownTypeIsUnsupportedAndTheSessionGoesOn) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  peer.say_text(R"({"type":"teleport","unknown":[1,2]})");
  EXPECT_EQ(peer.expect("error").text("code"), "unsupported");
  if (GetParam() == Encoding::binary) {
    peer.say_binary(framed("\x7fwhatever"));
    EXPECT_EQ(peer.expect("error").text("code"), "unsupported");
  }
  peer.settle();
}

// An answer is twenty times as long as such a record: the relay goes on only as fast as its answers are read.
TEST(Conduct, ManyBadRecordsInOneMessageAreAnsweredWithoutPilingUp) {
  constexpr int records = 150'000;
  const RelayProcess relay;
  WirePeer peer{relay, Encoding::binary};
  peer.enter(TestKey{1});
  std::string message;
  for (int i = 0; i < records; ++i) message += framed("\x7f");
  const auto before = relay.resident_bytes();
  peer.say_binary(message);
  EXPECT_EQ(peer.expect("error").text("code"), "unsupported");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(relay.resident_bytes(), before + 6'000'000);
#else
  (void)before;
#endif
  for (int i = 1; i < records; ++i) ASSERT_EQ(peer.expect("error").text("code"), "unsupported") << i;
  peer.settle();
}

TEST_P(Conduct, UnknownFieldsAreIgnored) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  peer.say_text(R"({"type":"mailbox","senders":"anyone","colour":{"a":[{}]}})");
  peer.settle();
}

TEST(Conduct, AJsonSessionKnowsNoBinaryMessages) {
  const RelayProcess relay;
  WirePeer peer{relay, Encoding::json};
  peer.enter(TestKey{1});
  peer.say_binary(framed(ack_record(1, {})));
  EXPECT_EQ(peer.expect("error").text("code"), "malformed");
  peer.expect_closing("protocol", 1002);
}

TEST_P(Conduct, AMessageInFragmentsIsOneMessage) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  peer.frame(Opcode::text, R"({"type":)", false, 8);
  peer.frame(Opcode::ping, "between", true, 7);
  peer.frame(Opcode::continuation, R"("ping"})", true, 7);
  peer.expect("pong");
}

TEST_P(Conduct, AMessageTooLargeForAFrameEndsWith1009) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  peer.frame(Opcode::binary, "the head says more", true, 1'048'577);
  Heard end = peer.hear();
  if (end.type == "closing") end = peer.hear();
  EXPECT_EQ(end.type, "closed");
  EXPECT_EQ(end.close_code, 1009U);
}

TEST_P(Conduct, AMessageThatNeverEndsIsClosedAsSlow) {
  const RelayProcess relay{{{"limits.session.message", "1"}, {"limits.session.write", "1"}}};
  WirePeer peer = enter(relay, alice);
  peer.frame(Opcode::text, R"({"type":"pi)", true, 1'000);
  peer.expect_closing("slow", 4004);
}

TEST_P(Conduct, AMessageThatNeverEndsBeforeTheAuthIsClosedToo) {
  const RelayProcess relay{{{"limits.session.message", "1"}, {"limits.session.write", "1"}}};
  WirePeer peer{relay, GetParam()};
  peer.hello();
  peer.frame(Opcode::text, R"({"type":"au)", true, 1'000);
  peer.expect_closing("slow", 4004);
}

// More unfinished messages than the transit memory holds: whoever dawdles makes way, whoever gets on is served.
TEST_P(Conduct, UnfinishedMessagesOfManyDoNotSilenceTheRelay) {
  const RelayProcess relay{{{"limits.session.transit", "2MiB"}, {"limits.session.handshakes_per_second", "1000"}}};
  WirePeer sender = enter(relay, alice);
  WirePeer recipient = enter(relay, bob);
  std::vector<std::unique_ptr<WirePeer>> dawdlers;
  for (int i = 0; i < 200; ++i) {
    dawdlers.push_back(std::make_unique<WirePeer>(relay, GetParam()));
    dawdlers.back()->frame(Opcode::text, std::string(5'000, ' '), true, 60'000);
  }
  WirePeer newcomer{relay, GetParam()};
  newcomer.enter(TestKey{3});
  const std::string payload(30'000, 'x');
  EXPECT_EQ(sender.post(mail_to(invited(bob), payload)).number("accepted"), 1);
  EXPECT_TRUE(recipient.expect("deliver").payload == payload);
  EXPECT_GE(relay.metric("lethe_closings_total{reason=\"slow\"}"), 1);
}

// The same for output: what its readers leave lying makes way for what others read.
TEST(Conduct, ReadersThatDoNotReadDoNotSilenceTheRelay) {
  constexpr int readers = 40;
  const RelayProcess relay{{{"memory.arena", "256MiB"}, {"limits.relay.bytes", "256MiB"}, {"limits.relay.low_watermark", "100"},
                            {"limits.mailbox.window_bytes", "64MiB"}, {"limits.session.transit", "1MiB"}}};
  std::vector<std::unique_ptr<WirePeer>> blocked;
  Mail wide;
  for (std::uint64_t seed = 100; seed < 100 + readers; ++seed) {
    blocked.push_back(std::make_unique<WirePeer>(relay, Encoding::binary, TlsSettings{.receive_buffer = 4'096}));
    blocked.back()->enter(TestKey{seed});
    wide.to.push_back(invited(TestKey{seed}));
  }
  WirePeer sender{relay, Encoding::binary};
  sender.enter(TestKey{1});
  wide.payload = std::string(65'536, 'x');
  for (int i = 0; i < 90; ++i) {
    wide.id = new_id();
    ASSERT_EQ(sender.post(wide).number("accepted"), readers);
  }
  WirePeer recipient{relay, Encoding::binary};
  recipient.enter(TestKey{2});
  EXPECT_EQ(sender.post(mail_to(invited(TestKey{2}))).number("accepted"), 1);
  EXPECT_EQ(recipient.expect("deliver").payload, "hello");
}

TEST_P(Conduct, APongSpeaksForEveryAckBeforeItsPing) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  for (int i = 0; i < 100; ++i) {
    peer.send(mail_to({alice.address(), {}}, std::to_string(i)));
    peer.ack(peer.skip_to("deliver").seq());
  }
  peer.say(Json{{"type", "ping"}});
  peer.skip_to("pong");
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 0);
  EXPECT_EQ(relay.metric("lethe_messages_acknowledged_total"), 100);
}

TEST_P(Conduct, ASilentSessionIsPingedAndThenClosed) {
  const RelayProcess relay{{{"limits.session.ping", "1"}, {"limits.session.idle", "3"}}};
  WirePeer peer = enter(relay, alice);
  peer.answers_pings = false;
  peer.expect_closing("idle", 4003);
  EXPECT_GE(peer.pings, 1U);
}

TEST_P(Conduct, ASessionThatAnswersPingsStays) {
  const RelayProcess relay{{{"limits.session.ping", "1"}, {"limits.session.idle", "2"}}};
  WirePeer peer = enter(relay, alice);
  // A message comes after twice the idle time; until then only pings are answered.
  Mail late = mail_to({alice.address(), {}});
  late.ttl = 4;
  late.receipt = true;
  peer.say(Json{{"type", "mailbox"}, {"min_urgency", "high"}});
  peer.post(late);
  peer.say(Json{{"type", "mailbox"}, {"min_urgency", "very-low"}, {"window", 1}});
  peer.expect("deliver");
  EXPECT_EQ(peer.expect("receipt").text("status"), "expired");
  EXPECT_GE(peer.pings, 2U);
  peer.settle();
}

TEST_P(Conduct, AClientThatClosesAndDoesNotHangUpIsDropped) {
  const RelayProcess relay{{{"limits.session.write", "1"}}};
  WirePeer peer = enter(relay, alice);
  peer.hangs_up = false;
  peer.close(1000);
  peer.expect("closed");
  EXPECT_TRUE(relay.reaches("lethe_sessions", 0));
}

// In the middle of a message it is sent away, and what then comes of that message breaks RFC 6455.
TEST(Conduct, WhoTalksNonsenseWhileBeingSentAwayIsForgotten) {
  RelayProcess relay{{{"limits.session.write", "1"}}};
  WirePeer peer{relay, Encoding::json};
  peer.enter(TestKey{1});
  peer.frame(Opcode::text, std::string(100, 'x'), true, 1'000);
  WirePeer successor{relay, Encoding::json};
  successor.enter(TestKey{1});
  peer.hangs_up = false;
  peer.expect_closing("replaced", 4002);
  EXPECT_TRUE(peer.tls().write(std::string(900, '\xff')));
  EXPECT_TRUE(relay.reaches("lethe_sessions", 1));
  EXPECT_EQ(relay.stop().status, 0);
}

// All in one record: what the relay can't accept, so many pings, and goodbye. Its own close frame is written while it looks at
// one of them; whichever that is, both have said goodbye then, and the relay hangs up.
TEST(Conduct, AFarewellBehindWhateverIsHeard) {
  const RelayProcess relay{{{"limits.session.write", "300"}}};
  const auto frame = [](Opcode opcode, const std::string& text) {
    std::string bytes{static_cast<char>(0x80 | static_cast<int>(opcode)), static_cast<char>(0x80 | text.size())};
    return bytes + std::string(4, '\0') + text;   // a mask that leaves it as it is
  };
  for (int pings = 0; pings < 24; ++pings) {
    WirePeer peer{relay, Encoding::json};
    peer.enter(TestKey{1});
    std::string all = frame(Opcode::text, "{");
    for (int ping = 0; ping < pings; ++ping) all += frame(Opcode::text, R"({"type":"ping"})");
    EXPECT_TRUE(peer.tls().write(all + frame(Opcode::close, {"\x03\xe8", 2})));
    SCOPED_TRACE(pings);
    EXPECT_NO_THROW(while (peer.hear().type != "closed") continue);
  }
  EXPECT_TRUE(relay.reaches("lethe_sessions", 0));
}

// A frame that RFC 6455 doesn't know (5.2: opcode 3), from a client that never hangs up.
TEST(Conduct, WhoBreaksTheWebSocketProtocolIsForgottenThoughItStaysOnTheLine) {
  const RelayProcess relay{{{"limits.session.write", "1"}}};
  WirePeer peer{relay, Encoding::json};
  peer.enter(TestKey{1});
  peer.hangs_up = false;
  peer.frame(Opcode{3}, "?", true, 1);
  EXPECT_EQ(peer.expect("closed").close_code, 1002U);
  EXPECT_TRUE(relay.reaches("lethe_sessions", 0));
}

TEST_P(Conduct, ACloseIsAnsweredWithItsCode) {
  const RelayProcess relay;
  WirePeer peer = enter(relay, alice);
  peer.close(1000);
  const Heard closed = peer.expect("closed");
  EXPECT_EQ(closed.close_code, 1000U);
  EXPECT_TRUE(relay.reaches("lethe_sessions", 0));
}

// ---- a client that stops reading -----------------------------------------------------------------------------------

class SlowReader : public testing::Test {
 protected:
  static constexpr int messages = 800;
  static constexpr std::size_t size = 65'536;   // 50 MiB in all

  static Settings settings(const char* write_limit) {
    return {{"memory.arena", "96MiB"},         {"limits.relay.bytes", "80MiB"},        {"limits.mailbox.bytes", "80MiB"},
            {"limits.relay.low_watermark", "100"}, {"limits.mailbox.sender_percent", "100"},
            {"limits.mailbox.window", "1000"}, {"limits.mailbox.window_bytes", "64MiB"}, {"limits.session.transit", "2MiB"},
            {"limits.session.write", write_limit}};
  }
  static std::string payload(int number) { return std::string(size, static_cast<char>('a' + number % 26)); }
  WirePeer reader_of_none(RelayProcess& relay) {
    WirePeer reader{relay, Encoding::binary, {.receive_buffer = 65'536}};
    reader.enter(bob);
    send_all(relay);
    return reader;
  }
  void send_all(RelayProcess& relay) {
    WirePeer sender{relay, Encoding::binary};
    sender.enter(alice);
    for (int i = 0; i < messages; ++i) EXPECT_EQ(sender.post(mail_to(invited(bob), payload(i))).number("accepted"), 1);
  }
  void hear_all(WirePeer& reader) {
    for (int i = 0; i < messages; ++i) {
      const Heard delivered = reader.expect("deliver");
      ASSERT_TRUE(delivered.payload == payload(i)) << "message " << i;
      reader.ack(delivered.seq());
    }
  }

  TestKey alice{1};
  TestKey bob{2};
};

TEST_F(SlowReader, CostsNothingButItsMailboxAndLosesNothing) {
  RelayProcess relay{settings("600")};
  WirePeer reader{relay, Encoding::binary, {.receive_buffer = 65'536}};
  reader.enter(bob);
  const auto before = relay.resident_bytes();
  send_all(relay);
  const auto grown = static_cast<double>(relay.resident_bytes() - before);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(grown - relay.metric("lethe_arena_used_bytes"), 8'388'608);
#endif
  EXPECT_GT(grown, 0);
  hear_all(reader);
  reader.settle();
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 0);
  EXPECT_EQ(relay.metric("lethe_messages_redelivered_total"), 0);
}

// Beast answers a ping, or a goodbye, by itself: it waits for the socket as the writer does.
TEST_F(SlowReader, MayPingMeanwhile) {
  RelayProcess relay{settings("600")};
  WirePeer reader = reader_of_none(relay);
  for (int n = 0; n < 3; ++n) reader.frame(Opcode::ping, "still here?", true, 11);
  WirePeer other{relay, Encoding::binary};
  other.enter(TestKey{3});
  hear_all(reader);
  reader.settle();
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 0);
}

TEST_F(SlowReader, MaySayGoodbyeMeanwhile) {
  RelayProcess relay{settings("600")};
  WirePeer reader = reader_of_none(relay);
  reader.close(1000);
  WirePeer other{relay, Encoding::binary};
  other.enter(TestKey{3});
  EXPECT_EQ(reader.skip_to("closed").close_code, 1000U);
  EXPECT_TRUE(relay.reaches("lethe_sessions", 1));
  EXPECT_EQ(relay.metric("lethe_queued_messages"), messages);
}

TEST_F(SlowReader, IsDroppedAndGetsEverythingLater) {
  RelayProcess relay{settings("1")};
  {
    const WirePeer reader = reader_of_none(relay);
    EXPECT_TRUE(relay.reaches("lethe_sessions", 0));
  }
  WirePeer reader{relay, Encoding::binary};
  EXPECT_EQ(reader.authenticate(bob).number("queued"), messages);
  hear_all(reader);
  reader.expect("caught_up");
  reader.settle();
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 0);
  EXPECT_GT(relay.metric("lethe_messages_redelivered_total"), 0);
}

}  // namespace
}  // namespace lethe::test
