// Engines that answer late, in another order, or to a session that is over.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "support/session_probe.hpp"

namespace lethe::session {
namespace {

using mailbox::Refusal;
using test::address_of;
using test::id_of;
using test::send_to;
using test::SessionProbe;
using wire::CloseReason;
using wire::ErrorCode;

const Address alice = address_of(1);
const Address bob = address_of(2);

// An open session at an engine that answers when the test says so.
struct Late {
  SessionProbe probe;
  std::shared_ptr<Conversation> session;
  Late() {
    probe.mailboxes.immediate = false;
    session = probe.begin_as(alice);
    session->opened({{7, 1}, 0, 0, {}});
    probe.outbox.said.clear();
  }
};

TEST(LateEngine, MayAnswerSendsInAnyOrder) {
  std::vector<std::size_t> order(4);
  std::iota(order.begin(), order.end(), 0U);
  do {
    Late late;
    for (std::uint8_t i = 0; i < 4; ++i) {
      late.session->on(send_to({{bob, {}}, {address_of(static_cast<std::uint8_t>(100 + i)), {}}, {bob, {}}}, i));
    }
    // Whoever is 100 + i has a full mailbox: the answer must name the right one.
    late.probe.mailboxes.verdict = [](const mailbox::Recipient& recipient) {
      const bool full = recipient.device.bytes[0] >= 100;
      return full ? mailbox::Verdict{Refusal::mailbox_full, {}, {}} : mailbox::Verdict{Refusal::none, {}, seconds{5}};
    };
    for (const std::size_t index : order) late.probe.mailboxes.answer_put(index);
    const auto sent = late.probe.outbox.all<wire::Sent>();
    ASSERT_EQ(sent.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
      const auto number = static_cast<std::uint8_t>(order[i]);
      EXPECT_EQ(sent[i].id, id_of(number));
      EXPECT_EQ(sent[i].accepted, 1U);
      ASSERT_EQ(sent[i].refused.size(), 2U);
      EXPECT_EQ(sent[i].refused[0].device, address_of(static_cast<std::uint8_t>(100 + number)));
      EXPECT_EQ(sent[i].refused[1].code, Refusal::duplicate_recipient);
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(LateEngine, AnswersOnceForEachSend) {
  Late late;
  late.session->on(send_to({{bob, {}}}));
  late.probe.mailboxes.answer_put(0);
  late.probe.mailboxes.answer_put(0);
  const mailbox::Verdict verdict;
  late.session->decided(999, {&verdict, 1});
  EXPECT_EQ(late.probe.outbox.all<wire::Sent>().size(), 1U);
}

TEST(LateEngine, MayMixLateAnswersWithImmediateOnes) {
  Late late;
  late.session->on(send_to({{bob, {}}}, 1));
  late.probe.mailboxes.immediate = true;
  late.session->on(send_to({{bob, {}}}, 2));
  late.probe.mailboxes.answer_put(0);
  const auto sent = late.probe.outbox.all<wire::Sent>();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].id, id_of(2));
  EXPECT_EQ(sent[1].id, id_of(1));
}

TEST(LateEngine, MayAnswerRecallsInAnyOrder) {
  Late late;
  late.session->on(wire::Recall{id_of(1), alice});
  late.session->on(wire::Recall{id_of(2), bob});
  late.session->recalled(late.probe.mailboxes.recalls[1].ticket, mailbox::RecallStatus::wiped);
  late.session->recalled(late.probe.mailboxes.recalls[0].ticket, mailbox::RecallStatus::in_flight);
  late.session->recalled(late.probe.mailboxes.recalls[0].ticket, mailbox::RecallStatus::in_flight);
  const auto recalled = late.probe.outbox.all<wire::Recalled>();
  ASSERT_EQ(recalled.size(), 2U);
  EXPECT_EQ(recalled[0].id, id_of(2));
  EXPECT_EQ(recalled[0].device, bob);
  EXPECT_EQ(recalled[1].status, mailbox::RecallStatus::in_flight);
}

TEST(LateEngine, APongWaitsForEveryAckBeforeItsPing) {
  Late late;
  const auto pongs = [&] { return late.probe.outbox.all<wire::Pong>().size(); };
  late.session->on(wire::Ping{});
  EXPECT_EQ(pongs(), 1U);
  late.session->on(wire::Ack{1, {}});
  late.session->on(wire::Ack{2, {}});
  late.session->on(wire::Ping{});
  late.session->on(wire::Ack{3, {}});
  late.session->on(wire::Ping{});
  EXPECT_EQ(pongs(), 1U);
  late.session->acknowledged(1);
  EXPECT_EQ(pongs(), 1U);
  late.session->acknowledged(1);
  EXPECT_EQ(pongs(), 2U);
  late.session->acknowledged(1);
  EXPECT_EQ(pongs(), 3U);
}

TEST(LateEngine, APongDoesNotWaitForSends) {
  Late late;
  late.session->on(send_to({{bob, {}}}));
  late.session->on(wire::Ping{});
  EXPECT_EQ(late.probe.outbox.all<wire::Pong>().size(), 1U);
}

TEST(LateEngine, ASessionIsNotSettledWhileAnAnswerIsDue) {
  Late late;
  EXPECT_TRUE(late.session->settled());
  late.session->on(wire::Ack{1, {}});
  EXPECT_FALSE(late.session->settled());
  late.session->acknowledged(0);
  EXPECT_TRUE(late.session->settled());
  late.session->on(send_to({{bob, {}}}));
  EXPECT_FALSE(late.session->settled());
  late.probe.mailboxes.answer_put(0);
  EXPECT_TRUE(late.session->settled());
}

TEST(LateEngine, BoundsTheRequestsThatWaitForIt) {
  Late late;
  late.probe.limits.session.sends_per_second = 1'000'000;
  for (std::size_t i = 0; i < Conversation::outstanding_limit / 2; ++i) {
    late.session->on(send_to({{bob, {}}}, 1, 0));
    late.session->on(wire::Recall{id_of(2), bob});
  }
  EXPECT_TRUE(late.probe.outbox.said.empty());
  late.session->on(send_to({{bob, {}}}, 3, 0));
  late.session->on(wire::Recall{id_of(4), bob});
  const auto said = late.probe.outbox.all<wire::Error>();
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0].code, ErrorCode::rate_limited);
  EXPECT_EQ(said[0].id, id_of(3));
  EXPECT_EQ(said[0].retry_after, seconds{1});
  EXPECT_EQ(said[1].id, id_of(4));
  late.probe.mailboxes.answer_put(0);
  late.session->on(send_to({{bob, {}}}, 5, 0));
  EXPECT_EQ(late.probe.outbox.all<wire::Error>().size(), 2U);
}

TEST(LateEngine, BoundsTheRecipientsThatWaitForIt) {
  Late late;
  std::vector<wire::SendTo> everybody;
  for (unsigned number = 0; number < 1'024; ++number) {
    everybody.push_back({address_of(static_cast<std::uint8_t>(number)), {}});
    everybody.back().device.bytes[1] = static_cast<std::uint8_t>(number / 256 + 100);
  }
  const std::size_t sends = Conversation::recipients_limit / everybody.size();
  for (std::size_t i = 0; i < sends; ++i) late.session->on(send_to(everybody, 1, 0));
  EXPECT_TRUE(late.probe.outbox.said.empty());
  late.session->on(send_to(everybody, 2, 0));
  const auto said = late.probe.outbox.all<wire::Error>();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].code, ErrorCode::rate_limited);
  late.probe.mailboxes.answer_put(0);
  late.session->on(send_to(everybody, 3, 0));
  EXPECT_EQ(late.probe.outbox.all<wire::Error>().size(), 1U);
}

TEST(LateEngine, BoundsPingsBehindAnAck) {
  Late late;
  late.session->on(wire::Ack{1, {}});
  for (std::size_t i = 0; i < Conversation::outstanding_limit + 5; ++i) late.session->on(wire::Ping{});
  EXPECT_EQ(late.probe.outbox.all<wire::Error>().size(), 5U);
  late.session->acknowledged(1);
  EXPECT_EQ(late.probe.outbox.all<wire::Pong>().size(), Conversation::outstanding_limit);
}

TEST(LateEngine, TooManyAcksUnderWayEndTheSessionSoThatNoPongLies) {
  Late late;
  for (std::size_t i = 0; i < Conversation::outstanding_limit; ++i) late.session->on(wire::Ack{i + 1, {}});
  EXPECT_TRUE(late.session->open());
  late.session->on(wire::Ack{1, {}});
  EXPECT_EQ(late.probe.outbox.closed(), CloseReason::rate_limited);
  EXPECT_EQ(late.probe.mailboxes.closes, std::vector<std::uint64_t>{7});
}

TEST(LateOpen, KeepsChangesOfTheMailboxUntilItIsOpen) {
  SessionProbe probe;
  probe.mailboxes.immediate = false;
  const auto session = probe.begin_as(alice);
  wire::MailboxChange change;
  change.mailbox.generation = 5;
  change.mailbox.anyone = true;
  session->on(change);
  change.mailbox = {};
  change.mailbox.generation = 4;
  change.mailbox.window = 8;
  session->on(change);
  EXPECT_TRUE(probe.mailboxes.announcements.empty());
  session->opened({{7, 1}, 0, 0, {}});
  ASSERT_EQ(probe.mailboxes.announcements.size(), 1U);
  const mailbox::Announcement& announced = probe.mailboxes.announcements[0].second;
  EXPECT_EQ(announced.generation, 5U) << "it never goes down";
  EXPECT_EQ(announced.anyone, true);
  EXPECT_EQ(announced.window, 8U);
}

TEST(LateOpen, AnAckBeforeTheMailboxIsOpenIsHarmless) {
  SessionProbe probe;
  probe.mailboxes.immediate = false;
  const auto session = probe.begin_as(alice);
  session->on(wire::Ack{9, {}});
  session->on(wire::Ping{});
  EXPECT_TRUE(probe.mailboxes.acks.empty());
  EXPECT_EQ(probe.outbox.all<wire::Pong>().size(), 1U);
}

TEST(LateOpen, ASendNeedNotWaitForTheMailbox) {
  SessionProbe probe;
  probe.mailboxes.immediate = false;
  const auto session = probe.begin_as(alice);
  session->on(send_to({{bob, {}}}));
  probe.mailboxes.answer_put(0);
  EXPECT_EQ(probe.outbox.all<wire::Sent>().size(), 1U);
}

TEST(LateOpen, AMailboxThatOpensAfterTheEndIsClosedAgain) {
  SessionProbe probe;
  probe.mailboxes.immediate = false;
  const auto session = probe.begin_as(alice);
  session->end(probe.now);
  EXPECT_TRUE(probe.mailboxes.closes.empty());
  session->opened({{7, 1}, 0, 0, {}});
  EXPECT_EQ(probe.mailboxes.closes, std::vector<std::uint64_t>{7});
  EXPECT_TRUE(probe.outbox.said.empty());
}

// Everything that can come from an engine or a client once a session is over.
void everything_late(Late& late) {
  SessionProbe& probe = late.probe;
  Conversation& session = *late.session;
  for (std::size_t i = 0; i < probe.mailboxes.puts.size(); ++i) probe.mailboxes.answer_put(i);
  for (const auto& recall : probe.mailboxes.recalls) session.recalled(recall.ticket, mailbox::RecallStatus::wiped);
  session.acknowledged(1);
  session.acknowledged(1);
  session.wake();
  session.replaced();
  session.on(wire::Auth{});
  session.on(send_to({{bob, {}}}));
  session.on(wire::Ack{3, {}});
  session.on(wire::Recall{id_of(1), bob});
  session.on(wire::MailboxChange{});
  session.on(wire::Ping{});
  session.on(wire::Fault{ErrorCode::malformed, "late", {}, true});
  test::CountingRoom room{1};
  EXPECT_FALSE(session.pull(room, probe.now));
}

enum class Ending { end, replaced, fault };

class OverSession : public testing::TestWithParam<Ending> {};

TEST_P(OverSession, TouchesNothingAnyMore) {
  Late late;
  SessionProbe& probe = late.probe;
  late.session->on(send_to({{bob, {}}}, 1));
  late.session->on(send_to({{bob, {}}}, 2));
  late.session->on(wire::Recall{id_of(1), bob});
  late.session->on(wire::Ack{1, {}});
  late.session->on(wire::Ping{});
  late.session->on(wire::Ack{2, {}});
  switch (GetParam()) {
    case Ending::end: late.session->end(probe.now); break;
    case Ending::replaced: late.session->replaced(); break;
    case Ending::fault: late.session->on(wire::Fault{ErrorCode::malformed, "bad", {}, true}); break;
  }
  late.session->end(probe.now);
  const std::size_t said = probe.outbox.said.size();
  const std::size_t closings = probe.outbox.closings.size();
  EXPECT_FALSE(late.session->open());
  EXPECT_TRUE(late.session->settled());

  everything_late(late);
  late.session->end(probe.now);
  late.session->end(probe.now);
  everything_late(late);

  EXPECT_EQ(probe.outbox.said.size(), said);
  EXPECT_EQ(probe.outbox.closings.size(), closings);
  EXPECT_EQ(probe.outbox.after_closing, 0U);
  EXPECT_EQ(probe.outbox.wakes, 0U);
  EXPECT_EQ(probe.mailboxes.puts.size(), 2U);
  EXPECT_EQ(probe.mailboxes.acks.size(), 2U);
  EXPECT_EQ(probe.mailboxes.recalls.size(), 1U);
  EXPECT_EQ(probe.mailboxes.pulls, 0U);
  EXPECT_TRUE(probe.mailboxes.announcements.empty());
  const std::vector<std::uint64_t> once{7};
  EXPECT_EQ(probe.mailboxes.closes, GetParam() == Ending::replaced ? std::vector<std::uint64_t>{} : once)
      << "closed once; never when the mailbox is another session's";
}

INSTANTIATE_TEST_SUITE_P(Endings, OverSession, testing::Values(Ending::end, Ending::replaced, Ending::fault));

TEST(ReplacedSession, SaysSoAndLeavesTheMailboxToTheNewOne) {
  Late late;
  late.session->on(wire::Ack{1, {}});
  late.session->replaced();
  EXPECT_EQ(late.probe.outbox.closed(), CloseReason::replaced);
  EXPECT_EQ(late.probe.outbox.closings[0].retry_after, seconds{0});
  late.session->acknowledged(1);
  late.session.reset();
  EXPECT_TRUE(late.probe.mailboxes.closes.empty());
}

TEST(ReplacedSession, AfterItsEndSaysNothing) {
  Late late;
  late.session->end(late.probe.now);
  late.session->replaced();
  EXPECT_TRUE(late.probe.outbox.closings.empty());
}

TEST(ReplacedSession, BeforeItsMailboxWasOpenClosesNothing) {
  SessionProbe probe;
  probe.mailboxes.immediate = false;
  const auto session = probe.begin_as(alice);
  session->replaced();
  EXPECT_EQ(probe.outbox.closed(), CloseReason::replaced);
  session->end(probe.now);
  EXPECT_TRUE(probe.mailboxes.closes.empty());
}

TEST(DroppedSession, ClosesItsMailbox) {
  Late late;
  late.session.reset();
  EXPECT_EQ(late.probe.mailboxes.closes, std::vector<std::uint64_t>{7});
}

}  // namespace
}  // namespace lethe::session
