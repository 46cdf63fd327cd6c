// What the embedded engine does beyond the contract: what it forgets and when, and how much one call does.
#include "mailbox/memory_mailboxes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "support/mailbox_world.hpp"

namespace lethe::test {
namespace {

using mailbox::Refusal;
using testing::Each;
using testing::SizeIs;
using namespace std::chrono_literals;

class MemoryMailboxes : public testing::Test {
 protected:
  mailbox::MemoryMailboxes& memory() { return static_cast<MemoryEngine&>(*world.engine).memory(); }
  std::uint64_t mailboxes() { return world.mailboxes().occupancy().mailboxes; }
  void know_at_most(std::uint32_t count) {
    world.limits.relay.mailboxes = count;
    world.engine = MemoryEngine::make(world.limits);
  }
  void come_and_go(Device& device, const mailbox::Announcement& announcement = {}) {
    world.open(device, announcement);
    world.close(device);
  }
  void TearDown() override { EXPECT_TRUE(world.engine->consistent()); }

  MailboxWorld world{MemoryEngine::make};
  Device alice{1};
  Device bob{2};
};

TEST_F(MemoryMailboxes, RememberForAWhileWhatADeviceThatNeverCameHasMissed) {
  world.send(alice, 1, bob);
  EXPECT_EQ(mailboxes(), 1U);
  world.mailboxes().purge(bob.address, world.now);
  EXPECT_EQ(mailboxes(), 1U);
  world.pass(world.limits.mailbox.memory);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(mailboxes(), 0U);
}

TEST_F(MemoryMailboxes, CountWhatWaitsInOneMailbox) {
  EXPECT_EQ(memory().waiting(bob.address).messages, 0U);
  EXPECT_EQ(mailboxes(), 0U);   // asking makes nothing known
  world.open(alice);
  world.send(alice, 1, bob, {.payload = "hello", .receipt = true});
  world.send(alice, 2, bob, {.payload = "you"});
  EXPECT_EQ(memory().waiting(bob.address).messages, 2U);
  EXPECT_EQ(memory().waiting(bob.address).bytes, 8U);
  world.open(bob);
  world.pull_all(bob);
  EXPECT_EQ(memory().waiting(bob.address).messages, 2U);   // in flight is not yet gone
  world.ack(bob, {1});
  EXPECT_EQ(memory().waiting(bob.address).messages, 1U);
  EXPECT_EQ(memory().waiting(bob.address).bytes, 3U);
  EXPECT_EQ(memory().waiting(alice.address).messages, 0U);   // the receipt that waits there is no message
}

TEST_F(MemoryMailboxes, RememberADeviceForAWhileAfterItLeft) {
  world.open(bob, {.generation = 7});
  world.pass(86'400s);
  world.close(bob);
  world.pass(world.limits.mailbox.memory - 1ms);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(mailboxes(), 1U);
  EXPECT_EQ(world.send(alice, 1, bob, {.grant = mailbox::Grant{.generation = 6}}).refusal, Refusal::not_invited);
  world.pass(1ms);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(mailboxes(), 0U);
}

TEST_F(MemoryMailboxes, MakeRoomForADeviceByForgettingWhoHasRestedLongest) {
  know_at_most(2);
  Device carol{3};
  come_and_go(alice, {.generation = 7});
  come_and_go(bob, {.generation = 7});
  EXPECT_EQ(world.send(alice, 1, carol).refusal, Refusal::relay_full) << "a send is no reason";
  EXPECT_TRUE(world.open(carol).attachment);
  EXPECT_EQ(mailboxes(), 2U);
  EXPECT_EQ(world.send(carol, 2, bob, {.grant = mailbox::Grant{.generation = 6}}).refusal, Refusal::not_invited);
  EXPECT_EQ(world.send(carol, 3, alice, {.grant = mailbox::Grant{.generation = 6}}).refusal, Refusal::relay_full) << "no longer known";
}

TEST_F(MemoryMailboxes, ForgetRatherADeviceThatSaidNothingOfItsMailbox) {
  know_at_most(2);
  Device carol{3};
  come_and_go(alice, {.generation = 7});
  come_and_go(bob);
  EXPECT_TRUE(world.open(carol).attachment);
  EXPECT_EQ(world.send(carol, 1, alice, {.grant = mailbox::Grant{.generation = 6}}).refusal, Refusal::not_invited);
}

TEST_F(MemoryMailboxes, RefuseADeviceWhereEveryMailboxIsNeeded) {
  know_at_most(2);
  Device carol{3};
  world.open(alice);
  world.send(alice, 1, bob);
  EXPECT_FALSE(world.open(carol).attachment);
  EXPECT_EQ(mailboxes(), 2U);
}

TEST_F(MemoryMailboxes, NeverForgetAMailboxThatHoldsSomethingOrHasASession) {
  world.open(bob);
  world.send(bob, 1, alice, {.ttl = 2'000'000s});
  world.pass(world.limits.mailbox.memory * 100 / 99);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(mailboxes(), 2U);
}

TEST_F(MemoryMailboxes, DoNotStartSeqOverWhenAForgottenMailboxComesBack) {
  world.open(bob);
  world.send(alice, 1, bob);
  const Seq last = world.pull_all(bob).back().seq;
  world.ack_up_to(bob, last);
  world.close(bob);
  world.pass(world.limits.mailbox.memory);
  world.mailboxes().sweep(world.now);
  ASSERT_EQ(mailboxes(), 0U);
  world.open(bob);
  world.send(alice, 2, bob);
  EXPECT_GT(world.pull_all(bob).back().seq, last);
}

TEST_F(MemoryMailboxes, ExpireABoundedNumberASweep) {
  world.limits.mailbox.sender_percent = 100;
  world.engine = MemoryEngine::make(world.limits);
  const std::uint64_t messages = mailbox::MemoryMailboxes::sweep_budget * 3;
  for (std::uint64_t id = 1; id <= messages; ++id) ASSERT_EQ(world.send(alice, id, bob, {.ttl = 5s}).refusal, Refusal::none);
  world.pass(6s);
  world.mailboxes().sweep(world.now);
  EXPECT_GE(world.messages(), messages - mailbox::MemoryMailboxes::sweep_budget);
  for (int n = 0; n < 3; ++n) world.mailboxes().sweep(world.now);
  EXPECT_EQ(world.messages(), 0U);
}

TEST_F(MemoryMailboxes, RememberAcknowledgedIdsAndForgetThem) {
  world.open(bob);
  world.send(alice, 1, bob);
  world.ack_up_to(bob, world.pull_all(bob).back().seq);
  EXPECT_EQ(memory().acknowledged_ids(), 1U);
  world.pass(world.limits.mailbox.dedupe);
  world.mailboxes().sweep(world.now);
  EXPECT_EQ(memory().acknowledged_ids(), 0U);
}

TEST_F(MemoryMailboxes, OverwriteEverythingWhenTheyGo) {
  Arena arena{{.size = 1 << 20, .locking = MemoryLocking::off}};
  mailbox::RelayBudget budget{world.limits.relay};
  Tally tally;
  {
    struct Nowhere final : mailbox::ReceiptRoute {
      void receipt(const Address&, const mailbox::Receipt&, Instant) override {}
    } route;
    mailbox::MemoryMailboxes engine{world.limits, budget, KeyedHash{{}}, tally, route};
    engine.open(bob.address, {}, *bob.session, world.now);
    const mailbox::Attachment attachment = bob.session->opens[0].attachment;
    for (std::uint64_t id = 1; id <= 5; ++id) {
      mailbox::Submission submission;
      submission.id = message_id(id);
      const std::uint8_t bytes[] = {1, 2, 3};
      submission.payload =
          wire::PayloadWriter::store(wire::PayloadSource{bytes, 3, wire::Encoding::binary}, arena.shard(0)).payload;
      submission.ttl = 60s;
      const mailbox::Recipient to[] = {{bob.address, mailbox::SenderKey{1}, {}, true, false, mailbox::Grant{}}};
      engine.put(id, std::move(submission), to, *alice.session, world.now);
      RecordingSink sink{1};
      if (id < 3) engine.pull(attachment, sink, world.now);
    }
    EXPECT_EQ(arena.used(), 5U * 32U);
  }
  EXPECT_EQ(arena.used(), 0U);
  // The same blocks again, as they were left: the arena overwrites a block when it comes back, not when it goes out.
  std::array<ArenaBlock*, 5> blocks{};
  for (ArenaBlock*& block : blocks) block = arena.shard(0).allocate(3);
  for (ArenaBlock* const block : blocks) {
    EXPECT_THAT(block->bytes(), Each(0));
    block->release();
  }
  EXPECT_EQ(budget.charged(), 0U);
  EXPECT_EQ(budget.mailboxes(), 0U);
  EXPECT_EQ(tally.queued_messages.value(), 0U);
}

TEST_F(MemoryMailboxes, CostLittleWhenEmpty) {
  EXPECT_LE(sizeof(mailbox::Mailbox), 120U);
  EXPECT_EQ(sizeof(mailbox::Envelope), 80U);
}

}  // namespace
}  // namespace lethe::test
