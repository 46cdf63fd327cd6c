#include "session/conversation.hpp"

#include <gtest/gtest.h>

#include "support/session_probe.hpp"

namespace lethe::session {
namespace {

using mailbox::RecallStatus;
using test::address_of;
using test::id_of;
using test::make_invite;
using test::send_to;
using test::SessionProbe;
using test::TestKey;
using wire::CloseReason;
using wire::ErrorCode;

const Address alice = address_of(1);
const Address bob = address_of(2);

TEST(Conversation, OpensTheMailboxAndSaysReady) {
  SessionProbe probe;
  probe.mailboxes.next_opened = {{9, 1}, 3, 300, {1, 2, 4}};
  mailbox::Announcement announcement;
  announcement.generation = 6;
  const auto session = probe.begin(Credentials{alice, announcement, {}, {}});
  ASSERT_EQ(probe.mailboxes.opens.size(), 1U);
  EXPECT_EQ(probe.mailboxes.opens[0].first, alice);
  EXPECT_EQ(probe.mailboxes.opens[0].second.generation, 6U);
  const auto ready = probe.outbox.only<wire::Ready>();
  EXPECT_EQ(ready.device, alice);
  EXPECT_EQ(ready.epoch, Epoch{42});
  EXPECT_EQ(ready.queued, 3U);
  EXPECT_EQ(ready.queued_bytes, 300U);
  EXPECT_EQ(ready.missed.expired, 1U);
  EXPECT_EQ(ready.missed.displaced, 2U);
  EXPECT_EQ(ready.missed.recalled, 4U);
  EXPECT_TRUE(session->authenticated());
}

TEST(Conversation, IsContinuousUnlessTheClientNamesAnotherEpoch) {
  const struct {
    std::optional<Epoch> named;
    bool continuous;
  } cases[] = {{{}, true}, {Epoch{42}, true}, {Epoch{41}, false}, {Epoch{0}, false}};
  for (const auto& [named, continuous] : cases) {
    SessionProbe probe;
    const auto session = probe.begin(Credentials{alice, {}, named, {}});
    EXPECT_EQ(probe.outbox.only<wire::Ready>().continuous, continuous);
  }
}

TEST(Conversation, ClosesWhereTheRelayCanKnowNoMoreMailboxes) {
  SessionProbe probe;
  probe.mailboxes.next_opened = {};
  const auto session = probe.begin_as(alice);
  EXPECT_EQ(probe.outbox.closed(), CloseReason::rate_limited);
  EXPECT_GE(probe.outbox.closings[0].retry_after, seconds{60});
  EXPECT_LE(probe.outbox.closings[0].retry_after, seconds{120});
  EXPECT_TRUE(probe.outbox.all<wire::Ready>().empty());
  EXPECT_FALSE(session->open());
  session->end(probe.now);
  EXPECT_TRUE(probe.mailboxes.closes.empty()) << "there was nothing to close";
}

TEST(Conversation, AnAnonymousOneHasNoMailbox) {
  SessionProbe probe;
  const TestKey carol{3};
  const auto session = probe.begin();
  EXPECT_FALSE(session->authenticated());
  test::CountingRoom room{10};
  EXPECT_FALSE(session->pull(room, probe.now));
  session->on(wire::Ack{5, {}});
  session->on(wire::Ack{0, {1, 2}});
  session->on(wire::MailboxChange{});
  session->end(probe.now);
  EXPECT_TRUE(probe.mailboxes.opens.empty());
  EXPECT_EQ(probe.mailboxes.pulls, 0U);
  EXPECT_TRUE(probe.mailboxes.acks.empty());
  EXPECT_TRUE(probe.mailboxes.announcements.empty());
  EXPECT_TRUE(probe.mailboxes.closes.empty());
  const auto said = probe.outbox.all<wire::Error>();
  ASSERT_EQ(said.size(), 3U);
  for (const wire::Error& error : said) EXPECT_EQ(error.code, ErrorCode::forbidden);
  EXPECT_EQ(probe.tally.errors[static_cast<std::size_t>(ErrorCode::forbidden)].value(), 3U);
}

TEST(Conversation, ASecondAuthIsForbiddenAndTheSessionGoesOn) {
  for (const bool authenticated : {true, false}) {
    SessionProbe probe;
    const auto session = authenticated ? probe.begin_as(alice) : probe.begin();
    session->on(wire::Auth{});
    EXPECT_EQ(probe.outbox.only<wire::Error>().code, ErrorCode::forbidden);
    EXPECT_TRUE(session->open());
    EXPECT_EQ(session->authenticated(), authenticated);
  }
}

TEST(Conversation, PassesAcksOnForItsOwnAttachment) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  session->on(wire::Ack{5, {}});
  session->on(wire::Ack{0, {7, 9}});
  ASSERT_EQ(probe.mailboxes.acks.size(), 2U);
  EXPECT_EQ(probe.mailboxes.acks[0].attachment, 7U);
  EXPECT_EQ(probe.mailboxes.acks[0].up_to, 5U);
  EXPECT_EQ(probe.mailboxes.acks[1].seqs, (std::vector<Seq>{7, 9}));
}

TEST(Conversation, AnswersAPingWithTheTime) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  probe.pass(seconds{3});
  session->at(probe.now);
  session->on(wire::Ping{});
  EXPECT_EQ(probe.outbox.only<wire::Pong>().time, probe.now.wall);
}

TEST(Conversation, ChangesItsMailbox) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  wire::MailboxChange change;
  change.mailbox.anyone = true;
  session->on(change);
  ASSERT_EQ(probe.mailboxes.announcements.size(), 1U);
  EXPECT_EQ(probe.mailboxes.announcements[0].first, 7U);
  EXPECT_EQ(probe.mailboxes.announcements[0].second.anyone, true);
}

TEST(Conversation, RecallsAsTheDeviceItIs) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  const struct {
    RecallStatus status;
  } cases[] = {{RecallStatus::wiped}, {RecallStatus::in_flight}, {RecallStatus::unknown}};
  for (const auto& [status] : cases) {
    probe.mailboxes.recall_status = status;
    session->on(wire::Recall{id_of(8), bob});
    const auto recalled = probe.outbox.all<wire::Recalled>().back();
    EXPECT_EQ(recalled.id, id_of(8));
    EXPECT_EQ(recalled.device, bob);
    EXPECT_EQ(recalled.status, status);
  }
  EXPECT_EQ(probe.mailboxes.recalls[0].senders, std::vector{device_sender(alice, probe.hash)});
}

TEST(Conversation, AnAnonymousOneRecallsOnlyWhatItsOwnInvitesSent) {
  SessionProbe probe;
  const TestKey carol{3};
  const TestKey dave{4};
  const auto session = probe.begin();
  session->on(wire::Recall{id_of(1), carol.address()});
  EXPECT_EQ(probe.outbox.only<wire::Recalled>().status, RecallStatus::unknown);
  EXPECT_TRUE(probe.mailboxes.recalls.empty()) << "it has sent nothing";

  wire::InviteBytes forged = make_invite(dave);
  forged[50] ^= 1;
  session->on(send_to({{carol.address(), make_invite(carol, {.flags = 1})}, {dave.address(), forged}}));
  const mailbox::SenderKey used = probe.mailboxes.puts.at(0).recipients.at(0).sender;
  session->on(wire::Recall{id_of(1), carol.address()});
  EXPECT_EQ(probe.mailboxes.recalls.at(0).senders, std::vector{used});
}

TEST(Conversation, AFaultIsAnErrorAndAFatalOneTheEnd) {
  const struct {
    wire::Fault fault;
    std::optional<CloseReason> closed;
  } cases[] = {
      {{ErrorCode::unsupported, "one", {}, false}, {}},
      {{ErrorCode::too_large, "two", id_of(3), false}, {}},
      {{ErrorCode::malformed, "three", id_of(3), false}, {}},
      {{ErrorCode::malformed, "four", {}, true}, CloseReason::protocol},
      {{ErrorCode::unauthenticated, "five", {}, true}, CloseReason::unauthenticated},
  };
  for (const auto& [fault, closed] : cases) {
    SessionProbe probe;
    const auto session = probe.begin_as(alice);
    session->on(fault);
    const auto error = probe.outbox.only<wire::Error>();
    EXPECT_EQ(error.code, fault.code);
    EXPECT_EQ(error.detail, fault.detail);
    EXPECT_EQ(error.id, fault.id);
    EXPECT_EQ(probe.outbox.closed(), closed);
    EXPECT_EQ(session->open(), !closed);
    EXPECT_EQ(probe.tally.errors[static_cast<std::size_t>(fault.code)].value(), 1U);
    EXPECT_EQ(probe.mailboxes.closes.size(), closed ? 1U : 0U);
    for (const Counter& closing : probe.tally.closings) EXPECT_EQ(closing.value(), 0U) << "the Outbox counts them";
  }
}

TEST(Conversation, PullsForItsOwnAttachmentAndSaysWhetherMoreIsReady) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  test::CountingRoom room{3};
  probe.mailboxes.on_pull = [](mailbox::Sink& sink) {
    EXPECT_EQ(test::deliver(sink, 5), 3U) << "the room decides";
    sink.caught_up();
    return true;
  };
  EXPECT_TRUE(session->pull(room, probe.now));
  EXPECT_EQ(room.caught_ups, 1U);
  probe.mailboxes.on_pull = {};
  EXPECT_FALSE(session->pull(room, probe.now));
}

TEST(Conversation, IsSettledOnceWhatItDeliveredIsAcknowledged) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  EXPECT_TRUE(session->settled());
  test::CountingRoom room{3};
  probe.mailboxes.on_pull = [](mailbox::Sink& sink) { return test::deliver(sink, 5) == 5; };
  session->pull(room, probe.now);
  EXPECT_FALSE(session->settled());
  probe.mailboxes.removes = 2;
  session->on(wire::Ack{2, {}});
  EXPECT_FALSE(session->settled());
  probe.mailboxes.removes = 1;
  session->on(wire::Ack{3, {}});
  EXPECT_TRUE(session->settled());
  session->pull(room, probe.now);
  EXPECT_TRUE(session->settled()) << "no room, nothing in flight";
}

TEST(Conversation, WakesTheWriter) {
  SessionProbe probe;
  const auto session = probe.begin_as(alice);
  session->wake();
  EXPECT_EQ(probe.outbox.wakes, 1U);
}

}  // namespace
}  // namespace lethe::session
