#include "contract/engine_contract.hpp"

namespace lethe::test {
namespace {

LETHE_CONTRACT_SUITE(Topic);

TEST_P(Topic, ReplacesTheUndeliveredMessageOfTheSameTopic) {
  auto& world = start();
  world.send(alice, 1, bob, {.payload = "old", .topic = 5});
  world.send(alice, 2, bob, {.payload = "between"});
  world.send(alice, 3, bob, {.payload = "other", .topic = 6});
  world.send(alice, 4, bob, {.payload = "new", .topic = 5});
  const mailbox::Opened opened = world.open(bob);
  EXPECT_EQ(opened.missed.displaced, 1U);
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("between", "other", "new"));
  EXPECT_EQ(world.engine->tally().displaced.value(), 1U);
}

TEST_P(Topic, LeavesADeliveredMessageAlone) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob, {.payload = "old", .topic = 5});
  world.pull_all(bob);
  world.send(alice, 2, bob, {.payload = "new", .topic = 5});
  world.close(bob);
  world.send(alice, 3, bob, {.payload = "newer", .topic = 5});
  EXPECT_EQ(world.open(bob).missed.displaced, 1U);
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("old", "newer"));
}

TEST_P(Topic, IsAMatterOfOneMailbox) {
  auto& world = start();
  world.send(alice, 1, bob, {.topic = 5});
  world.send(alice, 2, carol, {.topic = 5});
  EXPECT_EQ(world.messages(), 2U);
}

TEST_P(Topic, CountsAnExpiredPredecessorAsExpired) {
  auto& world = start();
  world.send(alice, 1, bob, {.ttl = 5s, .topic = 5});
  world.pass(5s);
  world.send(alice, 2, bob, {.topic = 5});
  const mailbox::Opened opened = world.open(bob);
  EXPECT_EQ(opened.missed.expired, 1U);
  EXPECT_EQ(opened.missed.displaced, 0U);
}

LETHE_CONTRACT_SUITE(Recall);

TEST_P(Recall, WipesAnUndeliveredMessage) {
  auto& world = start();
  world.send(alice, 1, bob);
  EXPECT_EQ(world.recall(alice, 1, bob), RecallStatus::wiped);
  EXPECT_EQ(alice.session->recalled_ticket, 1U);
  EXPECT_EQ(world.messages(), 0U);
  EXPECT_EQ(world.arena_used(), 0U);
  EXPECT_EQ(world.recall(alice, 1, bob), RecallStatus::unknown);
  EXPECT_EQ(world.open(bob).missed.recalled, 1U);
}

TEST_P(Recall, ComesTooLateForWhatWasDeliveredOnce) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob);
  world.pull_all(bob);
  EXPECT_EQ(world.recall(alice, 1, bob), RecallStatus::in_flight);
  world.close(bob);
  EXPECT_EQ(world.recall(alice, 1, bob), RecallStatus::in_flight);
  world.open(bob);
  const auto received = world.pull_all(bob);
  ASSERT_THAT(received, SizeIs(1));
  world.ack_up_to(bob, received[0].seq);
  EXPECT_EQ(world.recall(alice, 1, bob), RecallStatus::unknown);
}

TEST_P(Recall, IsForTheSenderOnly) {
  auto& world = start();
  world.send(alice, 1, bob);
  EXPECT_EQ(world.recall(carol, 1, bob), RecallStatus::unknown);
  EXPECT_EQ(world.recall(alice, 1, carol), RecallStatus::unknown);
  EXPECT_EQ(world.recall(alice, 2, bob), RecallStatus::unknown);
  EXPECT_EQ(world.messages(), 1U);
}

TEST_P(Recall, OfAnExpiredMessageFindsNothing) {
  auto& world = start();
  world.send(alice, 1, bob, {.ttl = 5s});
  world.pass(5s);
  EXPECT_EQ(world.recall(alice, 1, bob), RecallStatus::unknown);
  EXPECT_EQ(world.open(bob).missed.expired, 1U);
}

LETHE_CONTRACT_SUITE(Purge);

TEST_P(Purge, EmptiesTheMailboxWaitingAndInFlight) {
  auto& world = start();
  world.open(bob, {.window = 2});
  for (std::uint64_t id = 1; id <= 4; ++id) world.send(alice, id, bob);
  world.pull_all(bob);
  EXPECT_EQ(world.mailboxes().purge(bob.address, world.now), 4U);
  EXPECT_EQ(world.messages(), 0U);
  EXPECT_EQ(world.arena_used(), 0U);
  EXPECT_EQ(world.engine->tally().evicted.value(), 4U);
  world.send(alice, 5, bob);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
  EXPECT_EQ(world.open(bob).missed.displaced, 4U);
  EXPECT_EQ(world.mailboxes().purge(carol.address, world.now), 0U);
}

}  // namespace
}  // namespace lethe::test
