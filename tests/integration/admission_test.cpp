// Who may send what to whom: invites, anonymous senders, the limits and their refusals, and admission to the relay.
#include <gtest/gtest.h>

#include "support/admission_token.hpp"
#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

constexpr InviteLabel label_of(std::uint8_t number) {
  InviteLabel label;
  label.bytes.fill(number);
  return label;
}

class Admission : public testing::Test {
 protected:
  static WirePeer enter(const RelayProcess& relay, const TestKey& key, const Json& mailbox = Json::object()) {
    WirePeer peer{relay, Encoding::binary};
    peer.enter(key, {.mailbox = mailbox});
    return peer;
  }
  // The code with which the only recipient was refused; empty where it was not.
  static std::string refusal(WirePeer& sender, const Mail& mail) { return sender.post(mail).refusal_of(mail.to.front().device); }

  TestKey alice{1};
  TestKey bob{2};
};

TEST_F(Admission, AnInviteIsOnlyForTheMailboxOfItsIssuer) {
  const RelayProcess relay;
  WirePeer sender = enter(relay, alice);
  const WirePeer known = enter(relay, bob);
  EXPECT_EQ(refusal(sender, mail_to({bob.address(), {}})), "not_invited");
  EXPECT_EQ(refusal(sender, mail_to({TestKey{9}.address(), {}})), "not_invited");
  EXPECT_EQ(refusal(sender, mail_to({bob.address(), make_invite(alice)})), "not_invited");
  EXPECT_EQ(refusal(sender, mail_to(invited(bob, {.expires = 1}))), "invite_expired");
  Recipient forged = invited(bob);
  (*forged.invite)[5] ^= 1;
  EXPECT_EQ(refusal(sender, mail_to(forged)), "not_invited");
  EXPECT_EQ(refusal(sender, mail_to(invited(bob))), "");
}

TEST_F(Admission, AnInviteOutlivesARestartUnlessItSaysOtherwise) {
  const RelayProcess relay;
  WirePeer sender = enter(relay, alice);
  EXPECT_EQ(refusal(sender, mail_to(invited(bob, {.flags = 2}))), "not_invited");
  EXPECT_EQ(refusal(sender, mail_to(invited(bob))), "");
}

TEST_F(Admission, AnInvitesOwnCapsHold) {
  const RelayProcess relay;
  WirePeer sender = enter(relay, alice);
  EXPECT_EQ(sender.post(mail_to(invited(bob, {.max_ttl = 60}))).number("ttl"), 60);
  const Recipient rare = invited(bob, {.rate = 1});
  EXPECT_EQ(refusal(sender, mail_to(rare)), "");
  const Heard sent = sender.post(mail_to(rare));
  EXPECT_EQ(sent.refusal_of(bob.address()), "rate_limited");
  EXPECT_GT(sent.fields.at("refused").at(0).at("retry_after").get<int>(), 0);
}

TEST_F(Admission, ARaisedGenerationCutsOffALiveAnonymousSender) {
  const RelayProcess relay;
  WirePeer recipient = enter(relay, bob);
  WirePeer sender{relay, Encoding::binary};
  sender.hello();
  const Recipient once = invited_anonymously(bob, {.generation = 4});
  EXPECT_EQ(refusal(sender, mail_to(once)), "");
  recipient.expect("deliver");
  recipient.say(Json{{"type", "mailbox"}, {"generation", 5}});
  recipient.settle();
  EXPECT_EQ(refusal(sender, mail_to(once)), "not_invited");
  EXPECT_EQ(refusal(sender, mail_to(invited_anonymously(bob, {.generation = 5}))), "");
}

TEST_F(Admission, ARevokedLabelCutsOffItsHolderAndNobodyElse) {
  const RelayProcess relay;
  WirePeer recipient = enter(relay, bob);
  WirePeer sender{relay, Encoding::binary};
  sender.hello();
  const Recipient revoked = invited_anonymously(bob, {.label = label_of(7).bytes});
  const Recipient other = invited_anonymously(bob, {.label = label_of(8).bytes});
  EXPECT_EQ(refusal(sender, mail_to(revoked)), "");
  recipient.expect("deliver");
  recipient.say(Json{{"type", "mailbox"}, {"revoked", {base64url(label_of(7).bytes)}}});
  recipient.settle();
  EXPECT_EQ(refusal(sender, mail_to(revoked)), "not_invited");
  EXPECT_EQ(refusal(sender, mail_to(other)), "");
}

TEST_F(Admission, AnAnonymousSessionMaySendAndRecallAndNothingElse) {
  const RelayProcess relay;
  WirePeer recipient = enter(relay, bob, {{"senders", "anyone"}, {"min_urgency", "high"}});
  WirePeer sender{relay, Encoding::json};
  sender.hello();
  EXPECT_EQ(refusal(sender, mail_to({bob.address(), {}})), "not_invited");
  EXPECT_EQ(refusal(sender, mail_to(invited(bob))), "not_invited");
  Mail mail = mail_to(invited_anonymously(bob));
  mail.receipt = true;   // nobody to send it to
  EXPECT_EQ(refusal(sender, mail), "");
  const Json forbidden[] = {
      {{"type", "ack"}, {"up_to", 1}}, {{"type", "mailbox"}, {"senders", "anyone"}}, sender.auth_message(alice)};
  for (const Json& message : forbidden) {
    sender.say(message);
    EXPECT_EQ(sender.expect("error").text("code"), "forbidden");
  }
  sender.recall(mail.id, bob.address());
  EXPECT_EQ(sender.expect("recalled").text("status"), "wiped");
  sender.settle();
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 0);
}

TEST_F(Admission, AFullMailboxRefuses) {
  const RelayProcess relay{{{"limits.mailbox.messages", "4"}, {"limits.mailbox.sender_percent", "50"}}};
  WirePeer one = enter(relay, alice);
  WirePeer two = enter(relay, TestKey{3});
  WirePeer three = enter(relay, TestKey{4});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(refusal(one, mail_to(invited(bob))), "");
    EXPECT_EQ(refusal(two, mail_to(invited(bob))), "");
    if (i == 0) continue;
    EXPECT_EQ(refusal(one, mail_to(invited(bob))), "mailbox_full");
    EXPECT_EQ(refusal(three, mail_to(invited(bob))), "mailbox_full");
  }
  EXPECT_EQ(relay.metric("lethe_messages_refused_total{reason=\"mailbox_full\"}"), 2);
}

TEST_F(Admission, OneSenderCanNotFillAnothersMailbox) {
  const RelayProcess relay{{{"limits.mailbox.messages", "8"}, {"limits.mailbox.sender_percent", "25"}}};
  WirePeer greedy = enter(relay, alice);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(refusal(greedy, mail_to(invited(bob))), "");
  EXPECT_EQ(refusal(greedy, mail_to(invited(bob))), "mailbox_full");
  WirePeer other = enter(relay, TestKey{3});
  EXPECT_EQ(refusal(other, mail_to(invited(bob))), "");
}

TEST_F(Admission, AFullRelayRefusesTheLeastUrgentFirst) {
  const RelayProcess relay{
      {{"limits.message.payload", "1KiB"}, {"limits.relay.bytes", "10KiB"}, {"limits.relay.low_watermark", "40"}}};
  WirePeer sender = enter(relay, alice);
  std::map<std::string, int> accepted;
  for (const char* const urgency : {"very-low", "low", "normal", "high"}) {
    for (std::string refused; refused.empty(); ++accepted[urgency]) {
      Mail mail = mail_to(invited(bob), std::string(1'024, 'x'));
      mail.urgency = urgency;
      refused = refusal(sender, mail);
      ASSERT_TRUE(refused.empty() || refused == "relay_full") << refused;
    }
  }
  // The last of each was refused; the steps are at 4, 6, 8 and 10 KiB, of which every message takes some for its record.
  for (const auto& [urgency, count] : accepted) EXPECT_GE(count, 2) << urgency;
  EXPECT_EQ(accepted.at("very-low"), 4);
  EXPECT_EQ(relay.metric("lethe_queued_bytes"), 9 * 1'024);
}

TEST_F(Admission, ASessionThatSendsTooFastIsToldToWait) {
  const RelayProcess relay{{{"limits.session.sends_per_second", "1"}}};
  WirePeer sender = enter(relay, alice, {{"min_urgency", "high"}});
  const std::vector<Mail> mails(40, mail_to({alice.address(), {}}));
  sender.send(mails);
  int accepted = 0;
  Heard heard = sender.hear();
  for (; heard.type == "sent"; heard = sender.hear()) ++accepted;
  EXPECT_GE(accepted, 10);
  EXPECT_EQ(heard.type, "error");
  EXPECT_EQ(heard.text("code"), "rate_limited");
  EXPECT_TRUE(heard.is(mails.front().id));
  EXPECT_GE(heard.number("retry_after"), 1);
  EXPECT_EQ(sender.skip_to("error").text("code"), "rate_limited");
}

class Token : public testing::Test {
 protected:
  Token() : settings{{"admission.mode", "jwt"}, {"admission.key_file", operator_key.public_key_file()}}, relay{settings} {}

  static std::int64_t in_an_hour() { return std::time(nullptr) + 3'600; }
  void expect_refused(const std::string& token) {
    WirePeer peer{relay, Encoding::json};
    peer.say(peer.auth_message(alice, {.admission = token}));
    EXPECT_EQ(peer.expect("error").text("code"), "unauthenticated");
    peer.expect_closing("unauthenticated", 4001);
  }

  TokenIssuer operator_key;
  Settings settings;
  RelayProcess relay;
  TestKey alice{1};
};

TEST_F(Token, AdmitsTheDeviceThatItNames) {
  WirePeer peer{relay, Encoding::json};
  peer.enter(alice, {.admission = operator_key.issue(alice.address(), in_an_hour())});
  peer.settle();
}

TEST_F(Token, AdmitsNobodyElse) {
  expect_refused("");
  expect_refused("not.a.token");
  expect_refused(operator_key.issue(TestKey{2}.address(), in_an_hour()));
  expect_refused(operator_key.issue(alice.address(), std::time(nullptr) - 10));
  expect_refused(TokenIssuer{}.issue(alice.address(), in_an_hour()));
}

TEST_F(Token, DoesNotReplaceTheDevicesSignature) {
  WirePeer peer{relay, Encoding::json};
  Json auth = peer.auth_message(TestKey{2}, {.admission = operator_key.issue(alice.address(), in_an_hour())});
  auth["device"] = base64url(alice.address().bytes);
  peer.say(auth);
  EXPECT_EQ(peer.expect("error").text("code"), "unauthenticated");
}

TEST_F(Token, GrantsItsOwnQuota) {
  WirePeer peer{relay, Encoding::binary};
  peer.enter(alice, {.mailbox = {{"min_urgency", "high"}},
                     .admission = operator_key.issue(alice.address(), in_an_hour(), {{"sends_per_second", 1}})});
  peer.send(std::vector<Mail>(40, mail_to({alice.address(), {}})));
  EXPECT_EQ(peer.skip_to("error").text("code"), "rate_limited");
}

TEST(Exporter, BindsASignatureToItsTlsSession) {
  const RelayProcess relay{{{"tls.require_exporter", "true"}}};
  const TestKey alice{1};
  WirePeer bound{relay, Encoding::json};
  bound.enter(alice, {.exporter = true});
  for (const AuthOptions& options : {AuthOptions{}, AuthOptions{.wrong_exporter = true}}) {
    WirePeer peer{relay, Encoding::json};
    peer.say(peer.auth_message(alice, options));
    EXPECT_EQ(peer.expect("error").text("code"), "unauthenticated");
    peer.expect_closing("unauthenticated", 4001);
  }
}

TEST(Exporter, IsTakenWhereItIsNotRequired) {
  const RelayProcess relay;
  WirePeer peer{relay, Encoding::json};
  peer.enter(TestKey{1}, {.exporter = true});
}

}  // namespace
}  // namespace lethe::test
