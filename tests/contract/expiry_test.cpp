#include "contract/engine_contract.hpp"

namespace lethe::test {
namespace {

LETHE_CONTRACT_SUITE(Expiry);

TEST_P(Expiry, IsExactWhetherOrNotASweepHasComeBy) {
  auto& world = start();
  world.send(alice, 1, bob, {.payload = "short", .ttl = 5s});
  world.send(alice, 2, bob, {.payload = "long", .ttl = 6s});
  world.open(bob);
  world.pass(5s);
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("long"));
}

TEST_P(Expiry, ComesNotAMillisecondEarly) {
  auto& world = start();
  world.send(alice, 1, bob, {.ttl = 5s});
  world.open(bob);
  world.pass(5s - 1ms);
  world.mailboxes().sweep(world.now);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
}

TEST_P(Expiry, OfRedeliveredMessagesIsExactToo) {
  auto& world = start();
  world.send(alice, 1, bob, {.ttl = 5s});
  world.open(bob);
  world.pull_all(bob);
  world.close(bob);
  world.pass(5s);
  world.open(bob);
  EXPECT_THAT(world.pull_all(bob), IsEmpty());
}

TEST_P(Expiry, OverwritesAndFreesAtTheNextSweep) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob, {.ttl = 5s});
  world.send(alice, 2, bob, {.ttl = 5s});
  world.pull_into(bob, 1);
  world.pass(6s);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(world.messages(), 0U);
  EXPECT_EQ(world.arena_used(), 0U);
  EXPECT_EQ(world.engine->charged(), 0U);
  EXPECT_EQ(world.engine->tally().expired.value(), 2U);
}

TEST_P(Expiry, IsToldToTheNextSessionOnce) {
  auto& world = start();
  world.open(bob);
  world.close(bob);
  world.send(alice, 1, bob, {.ttl = 5s});
  world.pass(6s);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(world.open(bob).missed.expired, 1U);
  EXPECT_EQ(world.open(bob).missed.expired, 0U);
}

TEST_P(Expiry, KeepsPaceOverDaysAndManyLifetimes) {
  auto& world = start();
  std::uint64_t id = 0;
  for (const auto ttl : {1s, 63s, 64s, 3'600s, 86'400s, 604'800s, 1'209'600s}) world.send(alice, ++id, bob, {.ttl = ttl});
  for (const auto ttl : {1s, 63s, 64s, 3'600s, 86'400s, 604'800s, 1'209'600s}) {
    world.now.mono = Monotonic{5'000'000ms} + ttl - 1ms;
    for (int n = 0; n < 20; ++n) world.mailboxes().sweep(world.now);
    EXPECT_EQ(world.messages(), id--);
    world.pass(300ms);
    world.mailboxes().sweep(world.now);
    EXPECT_EQ(world.messages(), id);
  }
}

LETHE_CONTRACT_SUITE(NowOrNever);

TEST_P(NowOrNever, IsRefusedWhereNobodyIsConnected) {
  auto& world = start();
  EXPECT_EQ(world.send(alice, 1, bob, {.ttl = 0s}).refusal, Refusal::offline);
  world.open(bob);
  world.close(bob);
  EXPECT_EQ(world.send(alice, 1, bob, {.ttl = 0s}).refusal, Refusal::offline);
  EXPECT_EQ(world.messages(), 0U);
}

TEST_P(NowOrNever, IsDeliveredToAConnectedDevice) {
  auto& world = start();
  world.open(bob);
  const mailbox::Verdict verdict = world.send(alice, 1, bob, {.ttl = 0s});
  EXPECT_EQ(verdict.refusal, Refusal::none);
  EXPECT_EQ(verdict.ttl, 0s);
  const auto received = world.pull_all(bob);
  ASSERT_THAT(received, SizeIs(1));
  world.ack_up_to(bob, received[0].seq);
  EXPECT_EQ(world.messages(), 0U);
}

TEST_P(NowOrNever, WaitsTenSecondsBehindAFullWindow) {
  auto& world = start();
  world.open(bob, {.window = 1});
  world.send(alice, 1, bob);
  const auto blocking = world.pull_all(bob);
  world.send(alice, 2, bob, {.ttl = 0s});
  world.pass(10s - 1ms);
  world.ack_up_to(bob, blocking[0].seq);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
  world.send(alice, 3, bob, {.ttl = 0s});
  world.pass(10s);
  world.mailboxes().sweep(world.now);
  EXPECT_THAT(world.pull_all(bob), IsEmpty());
  EXPECT_EQ(world.messages(), 0U);
}

TEST_P(NowOrNever, EndsWithTheSessionWhetherWaitingOrDelivered) {
  auto& world = start();
  world.open(bob, {.window = 2});
  world.send(alice, 1, bob, {.payload = "kept"});
  world.send(alice, 2, bob, {.ttl = 0s});
  world.send(alice, 3, bob, {.ttl = 0s});
  world.send(alice, 4, bob, {.payload = "kept too"});
  EXPECT_THAT(world.pull_all(bob), SizeIs(2));
  world.close(bob);
  EXPECT_EQ(world.messages(), 2U);
  world.open(bob);
  EXPECT_THAT(payloads(world.pull_all(bob)), ElementsAre("kept", "kept too"));
}

TEST_P(NowOrNever, EndsWithATakeoverToo) {
  auto& world = start();
  world.open(bob);
  world.send(alice, 1, bob, {.ttl = 0s});
  world.open(bob);
  EXPECT_THAT(world.pull_all(bob), IsEmpty());
}

}  // namespace
}  // namespace lethe::test
