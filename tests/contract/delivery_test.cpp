#include "contract/engine_contract.hpp"

namespace lethe::test {
namespace {

LETHE_CONTRACT_SUITE(Delivery);

TEST_P(Delivery, KeepsAMessageUntilItIsAcknowledged) {
  auto& world = start();
  world.open(bob);
  EXPECT_EQ(world.send(alice, 1, bob).refusal, Refusal::none);
  const auto received = world.pull_all(bob);
  ASSERT_THAT(received, SizeIs(1));
  EXPECT_EQ(received[0].payload, "hello");
  EXPECT_EQ(received[0].id, message_id(1));
  EXPECT_EQ(received[0].received, world.now.wall);
  EXPECT_EQ(received[0].expires, world.now.wall + 3'600s);
  EXPECT_EQ(world.messages(), 1U);
  EXPECT_GT(world.arena_used(), 0U);
  world.ack_up_to(bob, received[0].seq);
  EXPECT_THAT(bob.session->acknowledgements, ElementsAre(1U));
  EXPECT_EQ(world.messages(), 0U);
  EXPECT_EQ(world.bytes(), 0U);
  EXPECT_EQ(world.arena_used(), 0U);
  EXPECT_EQ(world.engine->charged(), 0U);
}

TEST_P(Delivery, HoldsMessagesForAnAbsentDevice) {
  auto& world = start();
  world.send(alice, 1, bob, {.payload = "one"});
  world.send(alice, 2, bob, {.payload = "two"});
  const mailbox::Opened opened = world.open(bob);
  EXPECT_EQ(opened.queued, 2U);
  EXPECT_EQ(opened.queued_bytes, 6U);
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("one", "two"));
}

TEST_P(Delivery, FollowsTheOrderOfAcceptanceAcrossSendersAndUrgencies) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob, {.payload = "one", .urgency = Urgency::low});
  world.send(carol, 2, bob, {.payload = "two", .urgency = Urgency::high});
  world.send(alice, 3, bob, {.payload = "three", .urgency = Urgency::very_low});
  const auto received = world.pull_all(bob);
  EXPECT_THAT(payloads(received), ElementsAre("one", "two", "three"));
  EXPECT_LT(received[0].seq, received[1].seq);
  EXPECT_LT(received[1].seq, received[2].seq);
}

TEST_P(Delivery, DeliversNothingTwiceToOneSession) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
  EXPECT_THAT(world.pull_all(bob), IsEmpty());
}

TEST_P(Delivery, StopsAtTheWindowAndGoesOnAsItOpens) {
  auto& world = start();
  world.open(bob, {.window = 2});
  for (std::uint64_t id = 1; id <= 4; ++id) world.send(alice, id, bob);
  auto received = world.pull_all(bob);
  ASSERT_THAT(received, SizeIs(2));
  world.ack_up_to(bob, received[0].seq);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
  EXPECT_THAT(world.pull_all(bob), IsEmpty());
}

TEST_P(Delivery, CapsTheAnnouncedWindowAndTakesZeroForOne) {
  Limits limits;
  limits.mailbox.window = 3;
  auto& world = start(limits);
  for (std::uint64_t id = 1; id <= 6; ++id) world.send(alice, id, bob);
  world.open(bob, {.window = 1'000'000});
  EXPECT_THAT(world.pull_all(bob), SizeIs(3));
  world.open(bob, {.window = 0});
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
}

TEST_P(Delivery, StopsAtTheWindowInBytesButNeverStarvesALargeMessage) {
  Limits limits;
  limits.mailbox.window_bytes = 10;
  auto& world = start(limits);
  world.open(bob);
  world.send(alice, 1, bob, {.payload = "123456"});
  world.send(alice, 2, bob, {.payload = "1234"});
  world.send(alice, 3, bob, {.payload = "a payload that exceeds it"});
  auto received = world.pull_all(bob);
  EXPECT_THAT(received, SizeIs(2));
  world.ack(bob, {received[0].seq});
  EXPECT_THAT(world.pull_all(bob), IsEmpty());
  world.ack(bob, {received[1].seq});
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("a payload that exceeds it"));
}

TEST_P(Delivery, LeavesWithTheMailboxWhatTheSinkHasNoRoomFor) {
  auto& world = start();
  world.open(bob);
  world.pull_all(bob);
  world.send(alice, 1, bob);
  world.send(alice, 2, bob);
  const RecordingSink sink = world.pull_into(bob, 1);
  EXPECT_THAT(sink.entries, SizeIs(1));
  EXPECT_TRUE(world.more);
  const auto rest = world.pull(bob);
  ASSERT_THAT(rest, SizeIs(1));
  EXPECT_FALSE(rest[0].redelivered);
  EXPECT_FALSE(world.more);
}

TEST_P(Delivery, AcknowledgesSingleNumbersAndIgnoresUnknownOnes) {
  auto& world = start();
  world.open(bob);
  for (std::uint64_t id = 1; id <= 3; ++id) world.send(alice, id, bob);
  const auto received = world.pull_all(bob);
  world.ack(bob, {received[1].seq, received[1].seq, 9'999, 0});
  EXPECT_THAT(bob.session->acknowledgements, ElementsAre(1U));
  world.close(bob);
  world.open(bob);
  const auto again = world.pull_all(bob);
  ASSERT_THAT(again, SizeIs(2));
  EXPECT_EQ(again[0].seq, received[0].seq);
  EXPECT_EQ(again[1].seq, received[2].seq);
}

TEST_P(Delivery, AcknowledgesUpToANumberOnlyWhatThisSessionWasDelivered) {
  auto& world = start();
  world.open(bob, {.window = 1});
  world.send(alice, 1, bob);
  world.send(alice, 2, bob);
  const auto received = world.pull_all(bob);
  world.ack_up_to(bob, received[0].seq + 100);
  EXPECT_THAT(bob.session->acknowledgements, ElementsAre(1U));
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
}

TEST_P(Delivery, HoldsBackWhatIsBelowTheBarUntilItIsLowered) {
  auto& world = start();
  world.open(bob, {.min_urgency = Urgency::normal});
  world.send(alice, 1, bob, {.payload = "later", .urgency = Urgency::low});
  world.send(alice, 2, bob, {.payload = "now", .urgency = Urgency::normal});
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("now"));
  world.mailboxes().announce(bob.attachment, {.min_urgency = Urgency::very_low}, world.now);
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("later"));
  world.ack_up_to(bob, 2);
  EXPECT_THAT(bob.session->acknowledgements, ElementsAre(2U));
}

TEST_P(Delivery, RemembersTheBarAndTheWindowForTheNextSession) {
  auto& world = start();
  world.open(bob, {.window = 1, .min_urgency = Urgency::high});
  world.close(bob);
  world.send(alice, 1, bob, {.urgency = Urgency::normal});
  world.send(alice, 2, bob, {.urgency = Urgency::high});
  world.send(alice, 3, bob, {.urgency = Urgency::high});
  world.open(bob);
  const auto received = world.pull_all(bob);
  ASSERT_THAT(received, SizeIs(1));
  EXPECT_EQ(received[0].id, message_id(2));
}

TEST_P(Delivery, StoresThePayloadOfASendToManyOnce) {
  auto& world = start();
  Device* const to[] = {&bob, &carol};
  const auto before = world.arena_used();
  EXPECT_THAT(world.send(alice, 1, to), SizeIs(2));
  EXPECT_EQ(world.messages(), 2U);
  EXPECT_EQ(world.bytes(), 10U);
  const auto once = world.arena_used() - before;
  world.send(alice, 2, bob);
  EXPECT_EQ(world.arena_used() - before, 2 * once);
  world.open(bob);
  const auto received = world.pull_all(bob);
  world.ack_up_to(bob, received.back().seq);
  EXPECT_EQ(world.arena_used() - before, once);
  world.open(carol);
  world.ack_up_to(carol, world.pull_all(carol).back().seq);
  EXPECT_EQ(world.arena_used() - before, 0U);
}

TEST_P(Delivery, CountsWhatItDoes) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob);
  world.send(alice, 2, bob);
  world.pull_all(bob);
  world.close(bob);
  world.open(bob);
  const auto received = world.pull_all(bob);
  world.pass(5ms);
  world.ack_up_to(bob, received[0].seq);
  const Tally& tally = world.engine->tally();
  EXPECT_EQ(tally.accepted.value(), 2U);
  EXPECT_EQ(tally.delivered.value(), 2U);
  EXPECT_EQ(tally.redelivered.value(), 2U);
  EXPECT_EQ(tally.acknowledged.value(), 1U);
  EXPECT_EQ(tally.queued_messages.value(), 1U);
  EXPECT_EQ(tally.queued_bytes.value(), 5U);
  EXPECT_EQ(tally.mailboxes.value(), 1U);
  EXPECT_EQ(tally.ack_latency.sum_microseconds(), 5'000U);
}

}  // namespace
}  // namespace lethe::test
