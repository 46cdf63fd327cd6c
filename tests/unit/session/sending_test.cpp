// What a send leads to.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/session_probe.hpp"

namespace lethe::session {
namespace {

using mailbox::Refusal;
using mailbox::Verdict;
using test::address_of;
using test::id_of;
using test::make_invite;
using test::send_to;
using test::SessionProbe;
using test::TestKey;
using wire::ErrorCode;

const Address alice = address_of(1);
const Address bob = address_of(2);

std::uint64_t refused(const SessionProbe& probe, Refusal code) {
  return probe.tally.refused[static_cast<std::size_t>(code)].value();
}
std::uint64_t errors(const SessionProbe& probe, ErrorCode code) {
  return probe.tally.errors[static_cast<std::size_t>(code)].value();
}

TEST(Send, OfADeviceGoesToTheEngineAsThatDevice) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  wire::Send send = send_to({{bob, {}}}, 4, 100);
  send.ttl = seconds{30};
  send.urgency = mailbox::Urgency::high;
  send.topic = "presence";
  send.receipt = true;
  session->on(send);

  ASSERT_EQ(probe.mailboxes.puts.size(), 1U);
  const auto& put = probe.mailboxes.puts[0];
  EXPECT_EQ(put.submission.id, id_of(4));
  EXPECT_EQ(put.submission.payload.size(), 100U);
  EXPECT_EQ(put.submission.ttl, seconds{30});
  EXPECT_EQ(put.submission.urgency, mailbox::Urgency::high);
  EXPECT_EQ(put.submission.receipt_to, alice);
  ASSERT_EQ(put.recipients.size(), 1U);
  const mailbox::Recipient& recipient = put.recipients[0];
  EXPECT_EQ(recipient.device, bob);
  EXPECT_TRUE(recipient.authenticated);
  EXPECT_FALSE(recipient.grant);
  EXPECT_EQ(recipient.sender, device_sender(alice, probe.hash));
  EXPECT_EQ(recipient.topic, topic_key(recipient.sender, "presence", probe.hash));

  const auto sent = probe.outbox.only<wire::Sent>();
  EXPECT_EQ(sent.id, id_of(4));
  EXPECT_EQ(sent.accepted, 1U);
  EXPECT_EQ(sent.ttl, seconds{60}) << "what the engine granted";
  EXPECT_TRUE(sent.refused.empty());
}

TEST(Send, GetsTheDefaultTtlAndNeverMoreThanTheLongest) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  const struct {
    std::optional<seconds> asked;
    seconds granted;
  } cases[] = {{{}, seconds{604'800}},
               {seconds{0}, seconds{0}},
               {seconds{5}, seconds{5}},
               {seconds{4'000'000'000}, seconds{1'209'600}}};
  for (const auto& [asked, granted] : cases) {
    wire::Send send = send_to({{bob, {}}});
    send.ttl = asked;
    session->on(send);
    EXPECT_EQ(probe.mailboxes.puts.back().submission.ttl, granted);
  }
  probe.limits.message.default_ttl = seconds{2'000'000};
  session->on(send_to({{bob, {}}}));
  EXPECT_EQ(probe.mailboxes.puts.back().submission.ttl, seconds{1'209'600}) << "a default beyond the longest";
}

TEST(Send, StoresThePayloadOnceHoweverManyRecipients) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  session->on(send_to({{address_of(10), {}}}, 1, 1'000));
  const ByteCount one = probe.arena.used();
  EXPECT_GT(one, 0U);
  std::vector<wire::SendTo> to;
  for (std::uint8_t i = 0; i < 200; ++i) to.push_back({address_of(i), {}});
  session->on(send_to(to, 2, 1'000));
  EXPECT_EQ(probe.arena.used(), 2 * one);
  EXPECT_EQ(probe.mailboxes.puts.back().recipients.size(), 200U);
}

TEST(Send, BeyondItsLimitsIsRefusedWithItsId) {
  SessionProbe probe;
  probe.limits.message.payload = 100;
  probe.limits.message.recipients = 2;
  const auto session = probe.begin_as(alice);
  const Address carol = address_of(3);
  session->on(send_to({{bob, {}}}, 1, 101));
  session->on(send_to({{alice, {}}, {bob, {}}, {carol, {}}}, 2));
  session->on(send_to({{alice, {}}, {bob, {}}}, 3, 100));
  const auto said = probe.outbox.all<wire::Error>();
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0].code, ErrorCode::too_large);
  EXPECT_EQ(said[0].id, id_of(1));
  EXPECT_EQ(said[1].code, ErrorCode::too_many_recipients);
  EXPECT_EQ(said[1].id, id_of(2));
  EXPECT_EQ(probe.outbox.only<wire::Sent>().id, id_of(3));
  EXPECT_TRUE(session->open());
  EXPECT_EQ(errors(probe, ErrorCode::too_large), 1U);
  EXPECT_EQ(errors(probe, ErrorCode::too_many_recipients), 1U);
}

TEST(Send, BeyondTheSessionsRateIsRefusedUntilTimePasses) {
  SessionProbe probe;
  probe.limits.session.sends_per_second = 2;
  const auto session = probe.begin_as(alice);
  for (int i = 0; i < 20; ++i) session->on(send_to({{bob, {}}}));
  EXPECT_EQ(probe.outbox.all<wire::Sent>().size(), 20U);
  session->on(send_to({{bob, {}}}, 9));
  const auto error = probe.outbox.only<wire::Error>();
  EXPECT_EQ(error.code, ErrorCode::rate_limited);
  EXPECT_EQ(error.id, id_of(9));
  EXPECT_EQ(error.retry_after, seconds{1});
  EXPECT_TRUE(session->open());
  probe.pass(seconds{1});
  session->at(probe.now);
  for (int i = 0; i < 3; ++i) session->on(send_to({{bob, {}}}));
  EXPECT_EQ(probe.outbox.all<wire::Sent>().size(), 22U);
  EXPECT_EQ(errors(probe, ErrorCode::rate_limited), 2U);
}

TEST(Send, BeyondTheSessionsByteRateIsRefused) {
  SessionProbe probe;
  probe.limits.session.bytes_per_second = 100;
  const auto session = probe.begin_as(alice);
  session->on(send_to({{bob, {}}}, 1, 900));
  session->on(send_to({{bob, {}}}, 2, 400));
  session->on(send_to({{bob, {}}}, 3, 100));
  const auto error = probe.outbox.only<wire::Error>();
  EXPECT_EQ(error.id, id_of(2));
  EXPECT_EQ(error.retry_after, seconds{3});
  EXPECT_EQ(probe.outbox.all<wire::Sent>().size(), 2U) << "what is refused is not charged";
}

TEST(Send, FollowsTheQuotaOfTheAdmissionToken) {
  SessionProbe probe;
  Credentials credentials{alice, {}, {}, Quota{1, 0}};
  const auto session = probe.begin(credentials);
  for (int i = 0; i < 12; ++i) session->on(send_to({{bob, {}}}, 1, 1'000));
  EXPECT_EQ(probe.outbox.all<wire::Sent>().size(), 10U);

  SessionProbe generous;
  generous.limits.session.sends_per_second = 1;
  credentials.quota = Quota{100, 50};
  const auto other = generous.begin(credentials);
  for (std::uint8_t i = 0; i < 12; ++i) other->on(send_to({{bob, {}}}, i, 50));
  EXPECT_EQ(generous.outbox.all<wire::Sent>().size(), 10U) << "500 bytes";
}

TEST(Send, ToItselfIsMarkedAsItsOwn) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  session->on(send_to({{alice, {}}, {bob, {}}}));
  const auto& recipients = probe.mailboxes.puts.at(0).recipients;
  EXPECT_TRUE(recipients.at(0).own);
  EXPECT_FALSE(recipients.at(1).own);
}

TEST(Send, NamesADuplicateRecipientAndAsksOnce) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  session->on(send_to({{bob, {}}, {alice, {}}, {bob, {}}, {bob, {}}}));
  ASSERT_EQ(probe.mailboxes.puts.at(0).recipients.size(), 2U);
  const auto sent = probe.outbox.only<wire::Sent>();
  EXPECT_EQ(sent.accepted, 2U);
  ASSERT_EQ(sent.refused.size(), 2U);
  EXPECT_EQ(sent.refused[0].code, Refusal::duplicate_recipient);
  EXPECT_EQ(sent.refused[1].device, bob);
  EXPECT_EQ(refused(probe, Refusal::duplicate_recipient), 2U);
}

TEST(Send, HandsAValidInvitesGrantToTheEngine) {
  SessionProbe probe;
  const TestKey carol{3};
  const auto session = probe.begin_as(alice);
  const wire::InviteBytes invite = make_invite(carol, {.flags = 3, .generation = 5, .max_ttl = 70, .rate = 8});
  session->on(send_to({{carol.address(), invite}}));
  const mailbox::Recipient& recipient = probe.mailboxes.puts.at(0).recipients.at(0);
  ASSERT_TRUE(recipient.grant);
  EXPECT_EQ(recipient.grant->generation, 5U);
  EXPECT_TRUE(recipient.grant->anonymous);
  EXPECT_TRUE(recipient.grant->this_epoch_only);
  EXPECT_EQ(recipient.grant->max_ttl, seconds{70});
  EXPECT_EQ(recipient.grant->rate, 8U);
  EXPECT_EQ(recipient.grant->label.bytes[0], 1);
  EXPECT_NE(recipient.grant->key, 0U);
  EXPECT_EQ(recipient.sender, device_sender(alice, probe.hash)) << "a device sends as itself, whatever invite it uses";
}

TEST(Send, OfADeviceWithABadInviteIsJudgedAsIfItHadNone) {
  SessionProbe probe;
  const TestKey carol{3};
  const TestKey dave{4};
  const TestKey erin{5};
  const auto session = probe.begin_as(alice);
  const wire::InviteBytes another = make_invite(dave);
  const wire::InviteBytes old = make_invite(dave, {.expires = 1});
  const wire::InviteBytes old_of_erin = make_invite(erin, {.expires = 1});
  // carol's mailbox is open to anyone, the others are not.
  probe.mailboxes.verdict = [&](const mailbox::Recipient& recipient) {
    EXPECT_FALSE(recipient.grant);
    return recipient.device == dave.address() || recipient.device == bob ? Verdict{Refusal::not_invited, {}, {}}
                                                                         : Verdict{Refusal::none, {}, seconds{9}};
  };
  session->on(send_to({{carol.address(), another}, {dave.address(), old}, {erin.address(), old_of_erin}, {bob, another}}));
  const auto sent = probe.outbox.only<wire::Sent>();
  EXPECT_EQ(sent.accepted, 2U);
  ASSERT_EQ(sent.refused.size(), 2U);
  EXPECT_EQ(sent.refused[0].device, dave.address());
  EXPECT_EQ(sent.refused[0].code, Refusal::invite_expired);
  EXPECT_EQ(sent.refused[1].device, bob);
  EXPECT_EQ(sent.refused[1].code, Refusal::not_invited);
}

TEST(Send, OfAnAnonymousSessionGoesAsItsInvite) {
  SessionProbe probe;
  const TestKey carol{3};
  const auto session = probe.begin();
  wire::Send send = send_to({{carol.address(), make_invite(carol, {.flags = 1})}});
  send.receipt = true;
  send.topic = "t";
  session->on(send);
  const auto& put = probe.mailboxes.puts.at(0);
  EXPECT_FALSE(put.submission.receipt_to) << "there is nobody to tell";
  const mailbox::Recipient& recipient = put.recipients.at(0);
  EXPECT_FALSE(recipient.authenticated);
  ASSERT_TRUE(recipient.grant);
  EXPECT_TRUE(recipient.grant->anonymous);
  EXPECT_FALSE(recipient.own);
  EXPECT_EQ(recipient.sender, invite_sender(recipient.grant->key));
  EXPECT_EQ(recipient.topic, topic_key(recipient.sender, "t", probe.hash));
  EXPECT_EQ(probe.outbox.only<wire::Sent>().accepted, 1U);
}

TEST(Send, OfAnAnonymousSessionLeavesTheAnonymousFlagToTheEngine) {
  SessionProbe probe;
  const TestKey carol{3};
  const auto session = probe.begin();
  session->on(send_to({{carol.address(), make_invite(carol)}}));
  const mailbox::Recipient& recipient = probe.mailboxes.puts.at(0).recipients.at(0);
  EXPECT_FALSE(recipient.authenticated);
  EXPECT_FALSE(recipient.grant->anonymous);
}

TEST(Send, OfAnAnonymousSessionWithoutAValidInviteCostsNoMemoryAndAsksNobody) {
  SessionProbe probe;
  const TestKey carol{3};
  const TestKey dave{4};
  const auto session = probe.begin();
  wire::InviteBytes bent = make_invite(carol);
  bent[40] ^= 1;
  session->on(send_to({{bob, {}},
                       {carol.address(), bent},
                       {dave.address(), make_invite(dave, {.flags = 1, .expires = 1})},
                       {alice, make_invite(carol, {.flags = 1})}}));
  EXPECT_TRUE(probe.mailboxes.puts.empty());
  EXPECT_EQ(probe.arena.used(), 0U);
  const auto sent = probe.outbox.only<wire::Sent>();
  EXPECT_EQ(sent.accepted, 0U);
  ASSERT_EQ(sent.refused.size(), 4U);
  EXPECT_EQ(sent.refused[0].code, Refusal::not_invited);
  EXPECT_EQ(sent.refused[1].code, Refusal::not_invited);
  EXPECT_EQ(sent.refused[2].code, Refusal::invite_expired);
  EXPECT_EQ(sent.refused[3].code, Refusal::not_invited) << "another's invite";
  EXPECT_EQ(refused(probe, Refusal::not_invited), 3U);
  EXPECT_EQ(refused(probe, Refusal::invite_expired), 1U);
}

TEST(Send, RefusesEveryRecipientWhereTheArenaIsFull) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  std::vector<ArenaBlock*> blocks;
  while (ArenaBlock* block = probe.arena.shard(0).allocate(100'000)) blocks.push_back(block);
  session->on(send_to({{bob, {}}, {alice, {}}}, 1, 100'000));
  session->on(send_to({{bob, {}}, {alice, {}}, {bob, {}}}, 2, 60'000));
  EXPECT_TRUE(probe.mailboxes.puts.empty());
  const auto sent = probe.outbox.only<wire::Sent>();
  EXPECT_EQ(sent.id, id_of(2));
  EXPECT_EQ(sent.accepted, 0U);
  ASSERT_EQ(sent.refused.size(), 3U);
  EXPECT_EQ(sent.refused[0].code, Refusal::relay_full);
  EXPECT_GT(sent.refused[0].retry_after, seconds{0});
  EXPECT_EQ(sent.refused[1].code, Refusal::relay_full);
  EXPECT_EQ(sent.refused[2].code, Refusal::duplicate_recipient);
  EXPECT_EQ(refused(probe, Refusal::relay_full), 2U);
  for (ArenaBlock* block : blocks) block->release();
}

TEST(Send, APayloadThatIsNotBase64urlIsAnErrorThatDoesNotEndTheSession) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  const std::string text = "!!!!";
  wire::Send send = send_to({{bob, {}}}, 6);
  send.payload = {{reinterpret_cast<const std::uint8_t*>(text.data()), 4}, 3, wire::Encoding::json};
  session->on(send);
  const auto error = probe.outbox.only<wire::Error>();
  EXPECT_EQ(error.code, ErrorCode::malformed);
  EXPECT_EQ(error.id, id_of(6));
  EXPECT_TRUE(session->open());
  EXPECT_TRUE(probe.mailboxes.puts.empty());
  EXPECT_EQ(probe.arena.used(), 0U);
}

TEST(Send, LeavesTheEnginesRefusalsToItsOwnCount) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  probe.mailboxes.verdict = [](const mailbox::Recipient&) { return Verdict{Refusal::mailbox_full, seconds{4}, {}}; };
  session->on(send_to({{bob, {}}}));
  EXPECT_EQ(refused(probe, Refusal::mailbox_full), 0U);
  EXPECT_EQ(probe.outbox.only<wire::Sent>().refused.at(0).code, Refusal::mailbox_full);
  EXPECT_EQ(probe.outbox.only<wire::Sent>().refused.at(0).retry_after, seconds{4});
}

TEST(Send, BoundsTheInvitesThatASessionMakesTheRelayVerify) {
  SessionProbe probe;
  probe.limits.message.recipients = 2'000;
  const auto session = probe.begin_as(alice);
  // Invites of 1,100 different recipients who never signed them: each costs a verification.
  wire::InviteBytes forged = make_invite(TestKey{3});
  std::vector<wire::SendTo> to;
  for (int i = 0; i < 1'100; ++i) {
    Address device = TestKey{3}.address();
    device.bytes[0] = static_cast<std::uint8_t>(i);
    device.bytes[1] = static_cast<std::uint8_t>(i >> 8);
    to.push_back({device, forged});
  }
  session->on(send_to(to, 1));
  EXPECT_EQ(probe.outbox.all<wire::Sent>().size(), 1U);
  const std::uint64_t verified = probe.invites.verifications();
  session->on(send_to({{bob, forged}}, 2));
  EXPECT_EQ(probe.invites.verifications(), verified);
  const auto error = probe.outbox.only<wire::Error>();
  EXPECT_EQ(error.code, ErrorCode::rate_limited);
  EXPECT_EQ(error.id, id_of(2));
  EXPECT_EQ(error.retry_after, seconds{2}) << "100 owed at 100 a second, and one more";
  session->on(send_to({{bob, {}}}, 3));
  EXPECT_EQ(probe.outbox.all<wire::Sent>().size(), 2U) << "without invites nothing is owed";
}

TEST(Send, ARememberedInviteCostsNoVerification) {
  SessionProbe probe;
  const TestKey carol{3};
  const auto session = probe.begin_as(alice);
  const wire::InviteBytes invite = make_invite(carol);
  for (int i = 0; i < 2'000; ++i) session->on(send_to({{carol.address(), invite}}));
  EXPECT_EQ(probe.invites.verifications(), 1U);
  EXPECT_TRUE(probe.outbox.all<wire::Error>().empty());
}

}  // namespace
}  // namespace lethe::session
