#include "contract/engine_contract.hpp"

namespace lethe::test {
namespace {

LETHE_CONTRACT_SUITE(Repetition);

TEST_P(Repetition, OfAQueuedMessageIsAcceptedAndStoredOnce) {
  auto& world = start();
  EXPECT_EQ(world.send(alice, 1, bob, {.ttl = 60s}).ttl, 60s);
  const mailbox::Verdict again = world.send(alice, 1, bob, {.ttl = 30s});
  EXPECT_EQ(again.refusal, Refusal::none);
  EXPECT_EQ(again.ttl, 60s) << "that of the one that is stored";
  EXPECT_EQ(world.messages(), 1U);
  EXPECT_EQ(world.engine->tally().duplicates.value(), 1U);
  EXPECT_EQ(world.engine->tally().accepted.value(), 1U);
}

TEST_P(Repetition, OfAMessageInFlightIsAcceptedAndStoredOnce) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob);
  world.pull_all(bob);
  EXPECT_EQ(world.send(alice, 1, bob).refusal, Refusal::none);
  EXPECT_THAT(world.pull_all(bob), IsEmpty());
}

TEST_P(Repetition, IsRecognisedForTenMinutesAfterTheAcknowledgement) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob);
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  world.pass(600s - 1ms);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(world.send(alice, 1, bob).refusal, Refusal::none);
  EXPECT_THAT(world.pull_all(bob), IsEmpty());
  EXPECT_EQ(world.messages(), 0U);
  world.pass(1ms);
  EXPECT_EQ(world.send(alice, 1, bob).refusal, Refusal::none);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
}

TEST_P(Repetition, IsAMatterOfOneMailbox) {
  auto& world = start();
  world.open(bob);
  world.open(carol);
  world.send(alice, 1, bob);
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  world.send(alice, 1, carol);
  EXPECT_THAT(world.pull_all(carol), SizeIs(1));
}

TEST_P(Repetition, AfterExpiryOrRecallOrPurgeIsANewMessage) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob, {.ttl = 1s});
  world.pass(1s);
  world.send(alice, 1, bob);
  EXPECT_EQ(world.recall(alice, 1, bob), RecallStatus::wiped);
  world.send(alice, 1, bob);
  EXPECT_EQ(world.mailboxes().purge(bob.address, world.now), 1U);
  world.send(alice, 1, bob);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
  EXPECT_EQ(world.engine->tally().duplicates.value(), 0U);
}

TEST_P(Repetition, MemoryIsBoundedAndForgetsTheOldestFirst) {
  Limits limits;
  limits.relay.dedupe_entries = 2;
  auto& world = start(limits);
  world.open(bob);
  for (std::uint64_t id = 1; id <= 3; ++id) {
    world.send(alice, id, bob);
    world.ack_up_to(bob, world.pull_all(bob).back().seq);
  }
  world.send(alice, 3, bob);
  world.send(alice, 2, bob);
  EXPECT_THAT(world.pull_all(bob), IsEmpty());
  world.send(alice, 1, bob);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
}

TEST_P(Repetition, IsAcceptedEvenWhereTheMailboxIsFull) {
  Limits limits;
  limits.mailbox.messages = 1;
  auto& world = start(limits);
  world.send(alice, 1, bob);
  EXPECT_EQ(world.send(alice, 2, bob).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.send(alice, 1, bob).refusal, Refusal::none);
}

}  // namespace
}  // namespace lethe::test
