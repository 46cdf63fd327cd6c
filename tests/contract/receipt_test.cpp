#include "contract/engine_contract.hpp"

namespace lethe::test {
namespace {

LETHE_CONTRACT_SUITE(ReceiptEntry);

constexpr Letter with_receipt() {
  Letter letter;
  letter.receipt = true;
  return letter;
}

TEST_P(ReceiptEntry, TellsTheSenderOfTheAcknowledgement) {
  auto& world = start();
  world.open(alice);
  world.pull_all(alice);
  world.open(bob);
  world.send(alice, 1, bob, with_receipt());
  const auto received = world.pull_all(bob);
  EXPECT_THAT(world.pull_all(alice), IsEmpty());
  world.ack_up_to(bob, received[0].seq);
  EXPECT_EQ(alice.session->wakes, 1);
  const auto receipts = world.pull_all(alice);
  ASSERT_THAT(receipts, SizeIs(1));
  EXPECT_TRUE(receipts[0].receipt);
  EXPECT_EQ(receipts[0].id, message_id(1));
  EXPECT_EQ(receipts[0].device, bob.address);
  EXPECT_EQ(receipts[0].fate, Fate::delivered);
  world.ack_up_to(alice, receipts[0].seq);
  EXPECT_EQ(world.messages(), 0U);
  EXPECT_EQ(world.engine->charged(), 0U);
}

TEST_P(ReceiptEntry, WaitsForAnAbsentSenderInOrderAndComesAgain) {
  auto& world = start();
  world.open(alice);
  world.close(alice);
  world.open(bob);
  world.send(alice, 1, bob, with_receipt());
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  world.send(bob, 2, alice, {.payload = "answer"});
  EXPECT_EQ(world.open(alice).queued, 2U);
  auto entries = world.pull_all(alice);
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_TRUE(entries[0].receipt);
  EXPECT_EQ(entries[1].payload, "answer");
  world.close(alice);
  world.open(alice);
  const auto again = world.pull_all(alice);
  ASSERT_THAT(again, SizeIs(2));
  EXPECT_EQ(again[0].seq, entries[0].seq);
}

TEST_P(ReceiptEntry, TellsOfExpiryDisplacementAndPurgeButNotOfRecall) {
  auto& world = start();
  world.open(alice);
  Letter letter = with_receipt();
  letter.ttl = 5s;
  world.send(alice, 1, bob, letter);
  world.pass(6s);
  world.mailboxes().sweep(world.now);
  letter.topic = 5;
  letter.ttl = 60s;
  world.send(alice, 2, bob, letter);
  world.send(alice, 3, bob, letter);
  world.mailboxes().purge(bob.address, world.now);
  world.send(alice, 4, bob, letter);
  world.recall(alice, 4, bob);
  const auto receipts = world.pull_all(alice);
  ASSERT_THAT(receipts, SizeIs(3));
  EXPECT_EQ(receipts[0].fate, Fate::expired);
  EXPECT_EQ(receipts[0].id, message_id(1));
  EXPECT_EQ(receipts[1].fate, Fate::displaced);
  EXPECT_EQ(receipts[1].id, message_id(2));
  EXPECT_EQ(receipts[2].fate, Fate::evicted);
  EXPECT_EQ(receipts[2].id, message_id(3));
}

TEST_P(ReceiptEntry, ComesOnceForEachRecipientAndOnceForARepeatedSend) {
  auto& world = start();
  world.open(alice);
  world.open(bob);
  world.open(carol);
  Device* const to[] = {&bob, &carol};
  world.send(alice, 1, to, with_receipt());
  world.send(alice, 1, to, with_receipt());
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  world.ack_up_to(carol, world.pull_all(carol).back().seq);
  EXPECT_THAT(world.pull_all(alice), SizeIs(2));
}

TEST_P(ReceiptEntry, LivesForTheDefaultLifetime) {
  auto& world = start();
  world.open(alice);
  world.open(bob);
  world.send(alice, 1, bob, with_receipt());
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  world.close(alice);
  world.pass(world.limits.message.default_ttl);
  EXPECT_EQ(world.open(alice).queued, 1U);
  EXPECT_THAT(world.pull_all(alice), IsEmpty());
  EXPECT_EQ(world.messages(), 0U);
}

TEST_P(ReceiptEntry, IsHeldBackWithTheUrgencyOfItsMessage) {
  auto& world = start();
  world.open(alice, {.min_urgency = Urgency::normal});
  world.open(bob);
  Letter letter = with_receipt();
  letter.urgency = Urgency::low;
  world.send(alice, 1, bob, letter);
  world.send(alice, 2, bob, with_receipt());
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  const auto receipts = world.pull_all(alice);
  ASSERT_THAT(receipts, SizeIs(1));
  EXPECT_EQ(receipts[0].id, message_id(2));
}

TEST_P(ReceiptEntry, CountsAsOneMessageOfTheWindow) {
  auto& world = start();
  world.open(alice, {.window = 1});
  world.open(bob);
  world.send(alice, 1, bob, with_receipt());
  world.send(alice, 2, bob, with_receipt());
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  EXPECT_THAT(world.pull_all(alice), SizeIs(1));
}

TEST_P(ReceiptEntry, DisplacesTheOldestUndeliveredOneBeyondTheLimit) {
  Limits limits;
  limits.mailbox.receipts = 2;
  auto& world = start(limits);
  world.open(alice);
  world.close(alice);
  world.open(bob);
  for (std::uint64_t id = 1; id <= 3; ++id) world.send(alice, id, bob, with_receipt());
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  const mailbox::Opened opened = world.open(alice);
  EXPECT_EQ(opened.missed.displaced, 1U);
  const auto receipts = world.pull_all(alice);
  ASSERT_THAT(receipts, SizeIs(2));
  EXPECT_EQ(receipts[0].id, message_id(2));
  world.send(alice, 4, bob, with_receipt());
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  EXPECT_EQ(world.open(alice).missed.displaced, 1U) << "what was delivered stays; the new one has no room";
  EXPECT_THAT(world.pull_all(alice), SizeIs(2));
}

TEST_P(ReceiptEntry, DoesNotStandInTheWayOfItsOwnMessageToOneself) {
  auto& world = start();
  world.open(alice);
  world.send(alice, 1, alice, with_receipt());
  world.ack_up_to(alice, world.pull_all(alice).back().seq);
  const auto entries = world.pull_all(alice);
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_TRUE(entries[0].receipt);
}

}  // namespace
}  // namespace lethe::test
