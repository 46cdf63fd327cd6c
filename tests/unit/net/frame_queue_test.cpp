#include "net/frame_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/arena.hpp"
#include "net/batch.hpp"
#include "wire/payload_writer.hpp"

namespace lethe::net {
namespace {

wire::Sent sent(std::uint8_t number) {
  wire::Sent message;
  message.id.bytes.fill(number);
  message.accepted = 1;
  return message;
}

std::string text(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

TEST(FrameQueue, KeepsOrderAndKindOfWhatIsPushed) {
  FrameQueue queue{wire::Encoding::binary};
  queue.push(sent(1));
  queue.push(wire::ServerMessage{wire::Pong{}});
  queue.push(sent(2));
  EXPECT_EQ(queue.front_kind(), wire::Frame::binary);
  EXPECT_EQ(queue.front()[5], 1);
  queue.pop();
  EXPECT_EQ(queue.front_kind(), wire::Frame::text);
  EXPECT_NE(text(queue.front()).find("pong"), std::string::npos);
  queue.pop();
  EXPECT_EQ(queue.front()[5], 2);
  queue.pop();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.size(), 0U);
}

TEST(FrameQueue, JoinsRecordsOfABinarySessionUpToTheLimit) {
  FrameQueue queue{wire::Encoding::binary};
  queue.push(sent(0));
  const std::size_t record = queue.front().size();
  const std::size_t fit = FrameQueue::batch_limit / record + 1;
  for (std::size_t i = 1; i < fit + 10; ++i) queue.push(sent(0));
  EXPECT_EQ(queue.front().size(), fit * record) << "the entry closes once it has reached the limit";
  queue.pop();
  EXPECT_EQ(queue.front().size(), 10 * record);
}

TEST(FrameQueue, GivesEachTextItsOwnEntry) {
  FrameQueue queue{wire::Encoding::json};
  queue.push(sent(1));
  queue.push(sent(2));
  const std::string first = text(queue.front());
  EXPECT_EQ(first.find("}{"), std::string::npos);
  queue.pop();
  EXPECT_FALSE(queue.empty());
}

TEST(FrameQueue, DoesNotGrowByWhatHasLeft) {
  FrameQueue queue{wire::Encoding::json};
  queue.push(sent(0));
  for (int i = 1; i <= 10'000; ++i) {
    queue.push(sent(static_cast<std::uint8_t>(i)));
    queue.pop();
  }
  EXPECT_LT(queue.memory(), 4'096U);
  wire::Sent last = sent(static_cast<std::uint8_t>(10'000));
  FrameQueue expected{wire::Encoding::json};
  expected.push(last);
  EXPECT_EQ(text(queue.front()), text(expected.front()));
  queue.pop();
  EXPECT_TRUE(queue.empty());
}

TEST(FrameQueue, OverwritesWhatWasTaken) {
  FrameQueue queue{wire::Encoding::binary};
  queue.push(sent(0x5a));
  const std::span<const std::uint8_t> first = queue.front();
  queue.push(wire::ServerMessage{wire::Pong{}});
  const std::span<const std::uint8_t> kept = queue.front();
  ASSERT_EQ(std::count(kept.begin(), kept.end(), 0x5a), 16);
  queue.pop();
  EXPECT_EQ(std::count(kept.begin(), kept.end(), 0), static_cast<std::ptrdiff_t>(first.size())) << "the id first of all";
  EXPECT_NE(text(queue.front()).find("pong"), std::string::npos);
}

class BatchTest : public testing::Test {
 protected:
  mailbox::Payload payload(std::size_t size) {
    bytes_.assign(size, 0x5a);
    return wire::PayloadWriter::store({bytes_, size, wire::Encoding::binary}, arena_.shard(0)).payload;
  }
  mailbox::Delivery delivery(const mailbox::Payload& of) { return {1, id_, Wall{}, Wall{}, false, of}; }

  Arena arena_{{Arena::slab_size * 8, MemoryLocking::off, SecretMemory::off, 1}};
  TransitBudget budget_{1'000'000};
  ScratchPool pool_{budget_, 70'000};
  MessageId id_;
  std::vector<std::uint8_t> bytes_;
};

TEST_F(BatchTest, PutsRepliesBeforeDeliveriesInOneBinaryMessage) {
  FrameQueue queue{wire::Encoding::binary};
  queue.push(sent(1));
  const std::size_t reply = queue.front().size();
  Lease lease = pool_.lease();
  Batch batch{wire::Encoding::binary, lease};
  EXPECT_TRUE(batch.take(queue));
  const mailbox::Payload small = payload(10);
  EXPECT_TRUE(batch.deliver(delivery(small)));
  EXPECT_EQ(batch.bytes()[4], 0x81);
  EXPECT_EQ(batch.bytes()[reply + 4], 0x82);
}

TEST_F(BatchTest, TakesNoDeliveryBesideAText) {
  FrameQueue queue{wire::Encoding::binary};
  queue.push(wire::ServerMessage{wire::Pong{}});
  Lease lease = pool_.lease();
  Batch batch{wire::Encoding::binary, lease};
  EXPECT_TRUE(batch.take(queue));
  EXPECT_FALSE(batch.has_room());
  const mailbox::Payload small = payload(10);
  EXPECT_FALSE(batch.deliver(delivery(small)));
}

TEST_F(BatchTest, EndsAtItsLimitButTakesOneOfAnySize) {
  const mailbox::Payload half = payload(40'000);
  Lease lease = pool_.lease();
  Batch batch{wire::Encoding::binary, lease};
  EXPECT_TRUE(batch.deliver(delivery(half)));
  EXPECT_FALSE(batch.deliver(delivery(half))) << "two would pass 64 KiB";
  const mailbox::Payload whole = payload(66'000);
  Lease other = pool_.lease();
  Batch alone{wire::Encoding::binary, other};
  EXPECT_TRUE(alone.deliver(delivery(whole)));
}

TEST_F(BatchTest, HoldsOneObjectInAJsonSession) {
  const mailbox::Payload small = payload(10);
  Lease lease = pool_.lease();
  Batch batch{wire::Encoding::json, lease};
  EXPECT_TRUE(batch.deliver(delivery(small)));
  EXPECT_FALSE(batch.deliver(delivery(small)));
  EXPECT_EQ(batch.kind(), wire::Frame::text);
}

}  // namespace
}  // namespace lethe::net
