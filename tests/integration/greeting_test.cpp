// hello, auth, ready: who gets in, and how the relay says no.
#include <gtest/gtest.h>

#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

class Greeting : public testing::TestWithParam<Encoding> {};
INSTANTIATE_TEST_SUITE_P(Encodings, Greeting, testing::Values(Encoding::json, Encoding::binary),
                         [](const auto& encoding) { return std::string{name_of(encoding.param)}; });

// The relay refuses this auth, says so and ends the session.
void expect_refused(WirePeer& peer, const Json& auth) {
  peer.say(auth);
  EXPECT_EQ(peer.expect("error").text("code"), "unauthenticated");
  peer.expect_closing("unauthenticated", 4001);
}

TEST_P(Greeting, HelloSaysWhatAClientHasToKnow) {
  const RelayProcess relay{{{"name", "relay.test"}, {"limits.message.recipients", "7"}, {"limits.session.idle", "299"}}};
  WirePeer peer{relay, GetParam()};
  EXPECT_EQ(peer.upgrade().value("sec-websocket-protocol"), std::string{"lethe.v1."} + name_of(GetParam()));
  const Json hello = peer.hello();
  EXPECT_EQ(hello.at("relay"), "relay.test");
  EXPECT_EQ(base64url_decode(hello.at("nonce").get<std::string>()).size(), 32U);
  EXPECT_EQ(hello.at("epoch").get<std::string>().size(), 16U);
  EXPECT_EQ(hello.at("epoch").get<std::string>().find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_GT(hello.at("time").get<std::int64_t>(), 1'600'000'000'000);
  const Json limits{{"payload", 65'536}, {"recipients", 7}, {"ttl", 1'209'600}, {"window", 256}, {"window_bytes", 1'048'576},
                    {"idle", 299}};
  EXPECT_EQ(hello.at("limits"), limits);
  WirePeer other{relay, GetParam()};
  EXPECT_NE(other.hello().at("nonce"), hello.at("nonce"));
  EXPECT_EQ(other.hello().at("epoch"), hello.at("epoch"));
}

TEST_P(Greeting, AProvenDeviceIsReadyAndCaughtUp) {
  const RelayProcess relay;
  const TestKey alice{1};
  WirePeer peer{relay, GetParam()};
  const Heard ready = peer.authenticate(alice);
  EXPECT_EQ(ready.text("device"), base64url(alice.address().bytes));
  EXPECT_EQ(ready.fields.at("epoch"), peer.hello().at("epoch"));
  EXPECT_EQ(ready.number("queued"), 0);
  EXPECT_EQ(ready.number("queued_bytes"), 0);
  EXPECT_EQ(ready.fields.at("missed"), (Json{{"expired", 0}, {"displaced", 0}, {"recalled", 0}}));
  EXPECT_TRUE(ready.truth("continuous"));
  EXPECT_EQ(peer.expect("caught_up").fields.at("epoch"), peer.hello().at("epoch"));
  peer.settle();
}

TEST_P(Greeting, AWrongSignatureEndsTheSession) {
  const RelayProcess relay;
  WirePeer peer{relay, GetParam()};
  Json auth = peer.auth_message(TestKey{1});
  std::string signature = base64url_decode(auth.at("signature").get<std::string>());
  signature[10] = static_cast<char>(signature[10] ^ 1);
  auth["signature"] = base64url(signature);
  expect_refused(peer, auth);
  EXPECT_EQ(relay.metric("lethe_closings_total{reason=\"unauthenticated\"}"), 1);
}

TEST(Greeting, AnotherDevicesSignatureIsRefused) {
  const RelayProcess relay;
  WirePeer peer{relay, Encoding::json};
  Json auth = peer.auth_message(TestKey{1});
  auth["device"] = base64url(TestKey{2}.address().bytes);
  expect_refused(peer, auth);
}

TEST(Greeting, ASignatureForAnotherRelayIsRefused) {
  const RelayProcess relay;
  WirePeer peer{relay, Encoding::json};
  expect_refused(peer, peer.auth_message(TestKey{1}, {.relay = "elsewhere.test"}));
}

TEST(Greeting, ASignatureOfAnEarlierNonceIsRefused) {
  const RelayProcess relay;
  const TestKey alice{1};
  WirePeer first{relay, Encoding::json};
  const Json replayed = first.auth_message(alice);
  WirePeer second{relay, Encoding::json};
  second.hello();
  expect_refused(second, replayed);
}

// Under the identity key any signature with R equal to [S]B verifies; R is the base point and S is 1.
TEST(Greeting, AKeyOfSmallOrderProvesNothing) {
  const RelayProcess relay;
  Address identity;
  identity.bytes[0] = 1;
  std::string signature(64, '\x66');
  signature[0] = '\x58';
  std::fill(signature.begin() + 32, signature.end(), '\0');
  signature[32] = 1;
  WirePeer peer{relay, Encoding::json};
  Json auth = peer.auth_message(TestKey{1});
  auth["device"] = base64url(identity.bytes);
  auth["signature"] = base64url(signature);
  expect_refused(peer, auth);
}

// Returns once at least three seconds have gone by, as the relay counts them.
void let_time_pass(const RelayProcess& relay) {
  WirePeer clock{relay, Encoding::json};
  clock.enter(TestKey{77});
  Mail short_lived = mail_to(invited(TestKey{78}));
  short_lived.ttl = 3;
  short_lived.receipt = true;
  clock.post(short_lived);
  EXPECT_EQ(clock.expect("receipt").text("status"), "expired");
}

TEST_P(Greeting, WhoeverSaysNothingInTimeIsAnonymous) {
  const RelayProcess relay{{{"limits.session.authenticate", "1"}}};
  WirePeer peer{relay, GetParam()};
  WirePeer late{relay, GetParam()};
  WirePeer curious{relay, GetParam()};
  peer.hello();
  curious.hello();
  const Json auth = late.auth_message(TestKey{1});
  let_time_pass(relay);
  EXPECT_EQ(peer.post(mail_to(invited_anonymously(TestKey{2}))).number("accepted"), 1);
  late.say(auth);
  EXPECT_EQ(late.expect("error").text("code"), "forbidden");
  late.settle();
  curious.say(Json{{"type", "mailbox"}, {"senders", "anyone"}});
  EXPECT_EQ(curious.expect("error").text("code"), "forbidden");
  curious.settle();
}

TEST_P(Greeting, WhoeverSaysNothingAtAllIsPingedAndClosedAsIdle) {
  const RelayProcess relay{{{"limits.session.authenticate", "1"}, {"limits.session.ping", "1"}, {"limits.session.idle", "3"}}};
  WirePeer peer{relay, GetParam()};
  peer.hello();
  peer.answers_pings = false;
  peer.expect_closing("idle", 4003);
  EXPECT_EQ(peer.pings, 1U);
}

TEST(Greeting, AConnectionThatNeverUpgradesIsDropped) {
  const RelayProcess relay{{{"limits.session.authenticate", "1"}}};
  TlsClient connection{relay.port()};
  EXPECT_EQ(connection.read_all(), "");
}

TEST(Greeting, AMessageForDevicesNeedsAnAuthBefore) {
  const RelayProcess relay;
  for (const char* const message : {R"({"type":"ack","up_to":1})", R"({"type":"mailbox","senders":"anyone"})"}) {
    WirePeer peer{relay, Encoding::json};
    peer.hello();
    peer.say_text(message);
    EXPECT_EQ(peer.expect("error").text("code"), "unauthenticated");
    peer.expect_closing("unauthenticated", 4001);
  }
}

TEST(Greeting, APingBeforeTheAuthIsAnswered) {
  const RelayProcess relay;
  WirePeer peer{relay, Encoding::json};
  peer.hello();
  peer.settle();
  peer.enter(TestKey{1});
}

TEST(Greeting, ASecondAuthIsForbiddenAndChangesNothing) {
  const RelayProcess relay;
  WirePeer peer{relay, Encoding::json};
  peer.enter(TestKey{1});
  peer.say(peer.auth_message(TestKey{2}));
  EXPECT_EQ(peer.expect("error").text("code"), "forbidden");
  peer.settle();
}

TEST(Greeting, AnEpochThatIsNotTheRelaysIsNotContinuous) {
  const RelayProcess relay;
  const TestKey alice{1};
  WirePeer peer{relay, Encoding::json};
  EXPECT_TRUE(peer.enter(alice, {.epoch = peer.hello().at("epoch").get<std::string>()}).truth("continuous"));
  WirePeer later{relay, Encoding::json};
  EXPECT_FALSE(later.enter(alice, {.epoch = "0123456789abcdef"}).truth("continuous"));
}

TEST_P(Greeting, ANewerSessionTakesTheMailboxOver) {
  const RelayProcess relay;
  const TestKey alice{1};
  WirePeer older{relay, GetParam()};
  older.enter(alice, {.mailbox = {{"senders", "anyone"}}});
  WirePeer newer{relay, GetParam()};
  newer.enter(alice);
  EXPECT_GE(older.expect_closing("replaced", 4002).number("retry_after"), 1);

  WirePeer bob{relay, GetParam()};
  bob.enter(TestKey{2});
  EXPECT_EQ(bob.post(mail_to({alice.address(), {}})).number("accepted"), 1);
  newer.ack(newer.expect("deliver").seq());
  newer.settle();
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 0);
}

}  // namespace
}  // namespace lethe::test
