#include "contract/engine_contract.hpp"

namespace lethe::test {
namespace {

LETHE_CONTRACT_SUITE(MailboxBounds);

Letter from_sender(std::uint64_t sender, std::string_view payload = "hello") {
  Letter letter;
  letter.sender = sender;
  letter.payload = payload;
  return letter;
}

TEST_P(MailboxBounds, RefuseTheMessageBeyondTheCount) {
  Limits limits;
  limits.mailbox.messages = 2;
  limits.mailbox.sender_percent = 100;
  auto& world = start(limits);
  world.open(bob);
  world.send(alice, 1, bob);
  world.send(alice, 2, bob);
  EXPECT_EQ(world.send(alice, 3, bob).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.messages(), 2U);
  world.ack(bob, {world.pull_all(bob)[0].seq});
  EXPECT_EQ(world.send(alice, 3, bob).refusal, Refusal::none);
}

TEST_P(MailboxBounds, RefuseTheMessageBeyondTheBytes) {
  Limits limits;
  limits.mailbox.bytes = 10;
  limits.mailbox.sender_percent = 100;
  auto& world = start(limits);
  EXPECT_EQ(world.send(alice, 1, bob, {.payload = "12345678901"}).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.mailboxes().occupancy().mailboxes, 0U);
  EXPECT_EQ(world.send(alice, 2, bob, {.payload = "123456"}).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 3, bob, {.payload = "12345"}).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.send(alice, 4, bob, {.payload = "1234"}).refusal, Refusal::none);
  EXPECT_EQ(world.bytes(), 10U);
}

TEST_P(MailboxBounds, LeaveRoomForOthersByCount) {
  Limits limits;
  limits.mailbox.messages = 8;
  auto& world = start(limits);
  EXPECT_EQ(world.send(alice, 1, bob, from_sender(1)).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 2, bob, from_sender(1)).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 3, bob, from_sender(1)).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.send(alice, 4, bob, from_sender(2)).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 5, bob, from_sender(2)).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 6, bob, from_sender(2)).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.send(alice, 7, bob, from_sender(3)).refusal, Refusal::none);
  world.open(bob);
  world.ack(bob, {world.pull_all(bob)[0].seq});
  EXPECT_EQ(world.send(alice, 8, bob, from_sender(2)).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.send(alice, 9, bob, from_sender(1)).refusal, Refusal::none);
}

TEST_P(MailboxBounds, LeaveRoomForOthersByBytes) {
  Limits limits;
  limits.mailbox.bytes = 40;
  auto& world = start(limits);
  EXPECT_EQ(world.send(alice, 1, bob, from_sender(1, "12345678901")).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.send(alice, 2, bob, from_sender(1, "1234567890")).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 3, bob, from_sender(1, "1")).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.send(alice, 4, bob, from_sender(2, "1234567890")).refusal, Refusal::none);
}

TEST_P(MailboxBounds, LetATopicsNewMessageTakeTheOldOnesPlace) {
  Limits limits;
  limits.mailbox.messages = 2;
  limits.mailbox.sender_percent = 50;
  auto& world = start(limits);
  world.send(alice, 1, bob, {.topic = 5});
  world.send(carol, 2, bob);
  EXPECT_EQ(world.send(alice, 3, bob, {.topic = 6}).refusal, Refusal::mailbox_full);
  EXPECT_EQ(world.send(alice, 4, bob, {.topic = 5}).refusal, Refusal::none);
  EXPECT_EQ(world.messages(), 2U);
}

LETHE_CONTRACT_SUITE(RelayBounds);

TEST_P(RelayBounds, RefuseLowerUrgenciesFirstAsMemoryFills) {
  Limits limits;
  limits.relay.bytes = 100'000;
  limits.relay.low_watermark = 40;
  limits.mailbox.sender_percent = 100;
  auto& world = start(limits);
  const std::string kilobyte(1'000, 'x');
  std::uint64_t id = 0;
  const auto fill = [&](Urgency urgency) {
    while (world.send(alice, ++id, bob, {.payload = kilobyte, .urgency = urgency}).refusal == Refusal::none) {}
    return world.engine->charged();
  };
  const auto near = [](ByteCount mark) {
    return testing::AllOf(testing::Le(mark), testing::Gt(mark - 1'100));
  };
  EXPECT_THAT(fill(Urgency::very_low), near(40'000));
  EXPECT_THAT(fill(Urgency::low), near(60'000));
  EXPECT_THAT(fill(Urgency::normal), near(80'000));
  EXPECT_THAT(fill(Urgency::high), near(100'000));
  EXPECT_EQ(world.send(alice, ++id, bob, {.payload = kilobyte, .urgency = Urgency::high}).refusal, Refusal::relay_full);
  EXPECT_EQ(world.engine->tally().refused[4].value(), 5U);
}

TEST_P(RelayBounds, HoldEmptyMessagesToo) {
  Limits limits;
  limits.relay.bytes = 10'000;
  limits.relay.low_watermark = 100;
  auto& world = start(limits);
  std::uint64_t accepted = 0;
  while (accepted < 1'000 && world.send(alice, accepted + 1, bob, {.payload = ""}).refusal == Refusal::none) ++accepted;
  EXPECT_LT(accepted, 200U);
}

TEST_P(RelayBounds, LimitTheMailboxesThatAreKnown) {
  Limits limits;
  limits.relay.mailboxes = 2;
  auto& world = start(limits);
  world.send(alice, 1, bob);
  world.send(alice, 2, carol);
  Device dave{4};
  EXPECT_EQ(world.send(alice, 3, dave).refusal, Refusal::relay_full);
  EXPECT_EQ(world.send(alice, 4, bob).refusal, Refusal::none);
  EXPECT_EQ(world.mailboxes().occupancy().mailboxes, 2U);
}

}  // namespace
}  // namespace lethe::test
