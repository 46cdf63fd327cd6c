#include <gtest/gtest.h>

#include "unit/wire/naive.hpp"
#include "unit/wire/outgoing.hpp"
#include "unit/wire/recorder.hpp"

namespace lethe::wire {
namespace {

using naive::Bytes;

Bytes record(const auto& outgoing) {
  const std::string out = encoded(outgoing, Encoding::binary);
  return {out.begin(), out.end()};
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) naive::append(all, part);
  return all;
}

TEST(RecordEncoder, WritesASent) {
  Sent sent{filled<MessageId>(0xff), 258, seconds{86400}, {}};
  EXPECT_EQ(record(sent), joined({{0, 0, 0, 25, 0x81}, Bytes(16, 0xff), {0, 1, 0x51, 0x80, 1, 2, 0, 0}}));
  sent.refused = {{filled<Address>(0x11), mailbox::Refusal::not_invited, seconds{0}},
                  {filled<Address>(0x22), mailbox::Refusal::duplicate_recipient, seconds{260}}};
  EXPECT_EQ(record(sent), joined({{0, 0, 0, 95, 0x81}, Bytes(16, 0xff), {0, 1, 0x51, 0x80, 1, 2, 0, 2}, Bytes(32, 0x11), {1, 0,
      0},
                                  Bytes(32, 0x22), {7, 1, 4}}));
}

TEST(RecordEncoder, WritesTheLargestThatFitsInASent) {
  const Sent sent{MessageId{}, 70000, seconds::max(), {{Address{}, mailbox::Refusal::rate_limited, seconds{65536}}}};
  EXPECT_EQ(record(sent), joined({{0, 0, 0, 60, 0x81}, Bytes(16, 0), {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 1}, Bytes(32, 0),
      {6, 0xff, 0xff}}));
}

TEST(RecordEncoder, AppendsOneRecordToAnother) {
  std::vector<std::uint8_t> out;
  const Encoder encoder{Encoding::binary};
  encoder.encode(Sent{}, out);
  encoder.encode(ServerMessage{Sent{}}, out);
  const Bytes one = record(Sent{});
  EXPECT_EQ(out, joined({one, one}));
}

TEST(RecordEncoder, WritesADelivery) {
  Arena arena{Arena::Options{.size = 1 << 20, .locking = MemoryLocking::off, .shards = 1}};
  const mailbox::Payload payload = payload_of("hi", arena.shard(0));
  const MessageId id = filled<MessageId>(0xff);
  EXPECT_EQ(record(mailbox::Delivery{0x0102030405060708, id, wall(1), wall(256), true, payload}),
            joined({{0, 0, 0, 44, 0x82, 1, 1, 2, 3, 4, 5, 6, 7, 8}, Bytes(16, 0xff), {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
            1, 0, 'h', 'i'}}));
  const mailbox::Payload empty = payload_of("", arena.shard(0));
  EXPECT_EQ(record(mailbox::Delivery{1, id, wall(0), wall(-1), false, empty}),
            joined({{0, 0, 0, 42, 0x82, 0, 0, 0, 0, 0, 0, 0, 0, 1}, Bytes(16, 0xff), Bytes(16, 0)}));
}

TEST(RecordEncoder, WritesAReceipt) {
  const MessageId id = filled<MessageId>(0xff);
  const Address device = filled<Address>(0x11);
  const mailbox::Fate fates[] = {mailbox::Fate::delivered, mailbox::Fate::expired, mailbox::Fate::displaced,
      mailbox::Fate::evicted};
  for (std::uint8_t number = 1; number <= 4; ++number) {
    EXPECT_EQ(record(mailbox::ReceiptDelivery{258, id, device, fates[number - 1]}),
              joined({{0, 0, 0, 58, 0x83, 0, 0, 0, 0, 0, 0, 1, 2}, Bytes(16, 0xff), Bytes(32, 0x11), {number}}));
  }
}

}  // namespace
}  // namespace lethe::wire
