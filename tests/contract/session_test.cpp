#include "contract/engine_contract.hpp"

namespace lethe::test {
namespace {

LETHE_CONTRACT_SUITE(Attachments);

TEST_P(Attachments, BringBackFirstWhatWasInFlightWhenASessionEnded) {
  auto& world = start();
  world.open(bob, {.window = 2});
  for (std::uint64_t id = 1; id <= 3; ++id) world.send(alice, id, bob, {.payload = std::to_string(id)});
  world.pull_all(bob);
  world.close(bob);
  world.open(bob, {.window = 256});
  const auto received = world.pull_all(bob);
  EXPECT_THAT(payloads(received), ElementsAre("1", "2", "3"));
  EXPECT_TRUE(received[0].redelivered);
  EXPECT_TRUE(received[1].redelivered);
  EXPECT_FALSE(received[2].redelivered);
}

TEST_P(Attachments, BringBackFirstEvenWhatCameLaterThanWhatWaits) {
  auto& world = start();
  world.open(bob, {.min_urgency = Urgency::high});
  world.send(alice, 1, bob, {.payload = "held back", .urgency = Urgency::low});
  world.send(alice, 2, bob, {.payload = "delivered", .urgency = Urgency::high});
  world.pull_all(bob);
  world.close(bob);
  world.open(bob, {.min_urgency = Urgency::very_low});
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("delivered", "held back"));
}

TEST_P(Attachments, KeepOrderOfWhatCameBackThroughSeveralSessions) {
  auto& world = start();
  world.open(bob, {.window = 4});
  for (std::uint64_t id = 1; id <= 6; ++id) world.send(alice, id, bob, {.payload = std::to_string(id)});
  world.pull_all(bob);
  world.open(bob, {.window = 2});
  world.pull_all(bob);
  world.open(bob, {.window = 256});
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("1", "2", "3", "4", "5", "6"));
}

TEST_P(Attachments, AreTakenOverByTheNextSession) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob);
  world.pull_all(bob);
  const auto old_session = bob.session;
  const auto old_attachment = bob.attachment;
  world.open(bob);
  EXPECT_EQ(old_session->replacements, 1);
  EXPECT_NE(bob.attachment.number, old_attachment.number);
  const auto received = world.pull_all(bob);
  ASSERT_THAT(received, SizeIs(1));
  EXPECT_TRUE(received[0].redelivered);

  world.mailboxes().acknowledge(old_attachment, received[0].seq, {}, world.now);
  EXPECT_EQ(world.messages(), 1U);
  EXPECT_THAT(old_session->acknowledgements, IsEmpty());
  RecordingSink sink;
  world.send(alice, 2, bob);
  EXPECT_FALSE(world.mailboxes().pull(old_attachment, sink, world.now));
  EXPECT_THAT(sink.entries, IsEmpty());
  world.mailboxes().announce(old_attachment, {.generation = 9}, world.now);
  world.mailboxes().close(old_attachment, world.now);
  EXPECT_EQ(world.send(alice, 3, bob).refusal, Refusal::none);
  EXPECT_THAT(world.pull_all(bob), SizeIs(2));
  EXPECT_EQ(old_session->wakes, 0);
}

TEST_P(Attachments, OfNobodyMatchNothing) {
  auto& world = start();
  RecordingSink sink;
  for (const mailbox::Attachment nobody : {mailbox::Attachment{}, mailbox::Attachment{7, 0}, mailbox::Attachment{1, 123'456}}) {
    EXPECT_FALSE(world.mailboxes().pull(nobody, sink, world.now));
    world.mailboxes().acknowledge(nobody, 5, {}, world.now);
    world.mailboxes().close(nobody, world.now);
    world.mailboxes().announce(nobody, {}, world.now);
  }
  EXPECT_EQ(world.mailboxes().occupancy().mailboxes, 0U);
}

TEST_P(Attachments, SayOnceThatTheyHaveCaughtUp) {
  auto& world = start();
  world.send(alice, 1, bob);
  world.send(alice, 2, bob);
  world.open(bob);
  world.send(alice, 3, bob);
  const RecordingSink backlog = world.pull_into(bob, 100);
  EXPECT_THAT(backlog.entries, SizeIs(2));
  EXPECT_EQ(backlog.times_caught_up, 1);
  EXPECT_TRUE(world.more);
  const RecordingSink live = world.pull_into(bob, 100);
  EXPECT_THAT(live.entries, SizeIs(1));
  EXPECT_EQ(live.times_caught_up, 0);
}

TEST_P(Attachments, SayThatTheyHaveCaughtUpAtOnceWhereNothingWaited) {
  auto& world = start();
  world.open(bob);
  EXPECT_EQ(world.pull_into(bob, 100).times_caught_up, 1);
  EXPECT_FALSE(world.more);
}

TEST_P(Attachments, DoNotWaitForHeldBackMessagesToCatchUp) {
  auto& world = start();
  world.send(alice, 1, bob, {.urgency = Urgency::low});
  world.open(bob, {.min_urgency = Urgency::normal});
  EXPECT_EQ(world.pull_into(bob, 100).times_caught_up, 1);
}

TEST_P(Attachments, CatchUpOnlyWhenTheWholeBacklogWentOut) {
  auto& world = start();
  for (std::uint64_t id = 1; id <= 3; ++id) world.send(alice, id, bob);
  world.open(bob, {.window = 2});
  const RecordingSink first = world.pull_into(bob, 100);
  EXPECT_EQ(first.times_caught_up, 0);
  world.ack_up_to(bob, first.entries.back().seq);
  EXPECT_EQ(bob.session->wakes, 1);
  const RecordingSink second = world.pull_into(bob, 100);
  EXPECT_THAT(second.entries, SizeIs(1));
  EXPECT_EQ(second.times_caught_up, 1);
}

TEST_P(Attachments, AreWokenToCatchUpWhereTheRestOfTheBacklogExpired) {
  auto& world = start();
  world.send(alice, 1, bob);
  world.send(alice, 2, bob, {.ttl = 5s});
  world.open(bob, {.window = 1});
  EXPECT_EQ(world.pull_into(bob, 100).times_caught_up, 0);
  world.pass(10s);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(bob.session->wakes, 1);
  EXPECT_EQ(world.pull_into(bob, 100).times_caught_up, 1);
}

TEST_P(Attachments, AreWokenOnceUntilTheNextPull) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob);
  EXPECT_EQ(bob.session->wakes, 0) << "the first pull comes by itself";
  world.pull_all(bob);
  world.send(alice, 2, bob);
  world.send(alice, 3, bob);
  EXPECT_EQ(bob.session->wakes, 1);
  world.pull_all(bob);
  world.send(alice, 4, bob);
  EXPECT_EQ(bob.session->wakes, 2);
}

TEST_P(Attachments, AreNotWokenWhileTheWindowIsClosedOrTheBarTooHigh) {
  auto& world = start();
  world.open(bob, {.window = 1, .min_urgency = Urgency::normal});
  world.pull_all(bob);
  world.send(alice, 1, bob, {.urgency = Urgency::low});
  EXPECT_EQ(bob.session->wakes, 0);
  world.send(alice, 2, bob);
  EXPECT_EQ(bob.session->wakes, 1);
  const auto received = world.pull_all(bob);
  world.send(alice, 3, bob);
  EXPECT_EQ(bob.session->wakes, 1);
  world.ack_up_to(bob, received[0].seq);
  EXPECT_EQ(bob.session->wakes, 2);
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  EXPECT_EQ(bob.session->wakes, 2);
  world.mailboxes().announce(bob.attachment, {.min_urgency = Urgency::very_low}, world.now);
  EXPECT_EQ(bob.session->wakes, 3);
}

TEST_P(Attachments, AreWokenWhenWhatIsInFlightExpires) {
  auto& world = start();
  world.open(bob, {.window = 1});
  world.send(alice, 1, bob, {.ttl = 5s});
  world.send(alice, 2, bob);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
  world.pass(6s);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(bob.session->wakes, 1);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
}

TEST_P(Attachments, AreRefusedWhereTheRelayKnowsTooManyMailboxes) {
  Limits limits;
  limits.relay.mailboxes = 1;
  auto& world = start(limits);
  EXPECT_TRUE(world.open(bob).attachment);
  EXPECT_FALSE(world.open(carol).attachment);
  EXPECT_TRUE(world.open(bob).attachment);
  EXPECT_EQ(world.send(bob, 1, carol).refusal, Refusal::relay_full);
  EXPECT_EQ(world.messages(), 0U);
}

// A session that reacts within the callback, as an embedded one may.
class EagerCorrespondent final : public mailbox::Correspondent {
 public:
  explicit EagerCorrespondent(MailboxWorld& world) : world_{world} {}
  void opened(const mailbox::Opened& opened) override { attachment = opened.attachment; wake(); }
  void wake() override {
    RecordingSink sink;
    while (world_.mailboxes().pull(attachment, sink, world_.now)) {}
    for (const Received& entry : sink.entries) world_.mailboxes().acknowledge(attachment, entry.seq, {}, world_.now);
    received += sink.entries.size();
  }
  void replaced() override {}
  void decided(mailbox::Ticket, std::span<const mailbox::Verdict>) override {}
  void acknowledged(std::uint32_t removed) override { acknowledged_entries += removed; }
  void recalled(mailbox::Ticket, mailbox::RecallStatus) override {}

  mailbox::Attachment attachment;
  std::size_t received = 0;
  std::size_t acknowledged_entries = 0;

 private:
  MailboxWorld& world_;
};

TEST_P(Attachments, MayCallTheEngineFromWithinItsCallbacks) {
  auto& world = start();
  world.send(alice, 1, bob, {.receipt = true});
  const auto eager = std::make_shared<EagerCorrespondent>(world);
  world.mailboxes().open(bob.address, {}, *eager, world.now);
  const auto eager_alice = std::make_shared<EagerCorrespondent>(world);
  world.mailboxes().open(alice.address, {}, *eager_alice, world.now);
  world.send(alice, 2, bob, {.receipt = true});
  world.send(carol, 3, bob);
  EXPECT_EQ(eager->received, 3U);
  EXPECT_EQ(eager->acknowledged_entries, 3U);
  EXPECT_EQ(eager_alice->received, 2U);
  EXPECT_EQ(world.messages(), 0U);
}

}  // namespace
}  // namespace lethe::test
