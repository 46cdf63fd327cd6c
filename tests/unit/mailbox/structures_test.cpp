// The engine's small structures, each alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "mailbox/acknowledged_ids.hpp"
#include "mailbox/attachments.hpp"
#include "mailbox/in_flight.hpp"
#include "mailbox/invite_rates.hpp"
#include "mailbox/lane.hpp"
#include "mailbox/relay_budget.hpp"
#include "mailbox/split_set.hpp"

namespace lethe::mailbox {
namespace {

using namespace std::chrono_literals;

Monotonic at(milliseconds time) { return Monotonic{time}; }
std::uint64_t scrambled(std::uint64_t n) { return n * 0x9e37'79b9'7f4a'7c15U; }

struct ScrambledHash {
  std::size_t operator()(std::uint64_t n) const { return scrambled(n) ^ scrambled(n) >> 29; }
};

TEST(ChunkPool, KeepsObjectsInPlaceAndReusesTheirSlots) {
  ChunkPool<std::uint64_t, 4> pool;
  std::vector<std::uint32_t> indexes;
  for (std::uint64_t n = 0; n < 10; ++n) indexes.push_back(pool.create(n));
  const std::uint64_t* const first = &pool[indexes[0]];
  for (std::uint64_t n = 10; n < 100; ++n) indexes.push_back(pool.create(n));
  EXPECT_EQ(first, &pool[indexes[0]]);
  for (std::uint64_t n = 0; n < 100; ++n) EXPECT_EQ(pool[indexes[n]], n);
  EXPECT_EQ(std::set(indexes.begin(), indexes.end()).size(), 100U);
  pool.destroy(indexes[50]);
  EXPECT_EQ(pool.create(7U), indexes[50]);
  for (const std::uint32_t index : indexes) pool.destroy(index);
}

TEST(ChunkPool, FreesChunksButForOneSpare) {
  ChunkPool<std::uint64_t, 4> pool;
  std::vector<std::uint32_t> indexes;
  for (std::uint64_t n = 0; n < 40; ++n) indexes.push_back(pool.create(n));
  EXPECT_EQ(pool.chunks(), 10U);
  for (const std::uint32_t index : indexes) pool.destroy(index);
  EXPECT_EQ(pool.chunks(), 1U);
  for (int round = 0; round < 10; ++round) {
    const std::uint32_t index = pool.create(1U);
    EXPECT_EQ(pool.chunks(), 1U);
    pool.destroy(index);
  }
}

TEST(SplitSet, ShrinksPartByPart) {
  const ScrambledHash hash;
  SplitSet<std::uint64_t, ScrambledHash, std::equal_to<>> set{hash, {}};
  for (std::uint64_t n = 0; n < 100'000; ++n) EXPECT_TRUE(set.insert(n, hash(n)));
  EXPECT_FALSE(set.insert(5, hash(5)));
  EXPECT_EQ(set.size(), 100'000U);
  for (std::uint64_t n = 100; n < 100'000; ++n) EXPECT_TRUE(set.erase(n, hash(n)));
  const std::size_t large = set.capacity();
  for (int n = 0; n < 64; ++n) set.shrink_one();
  EXPECT_LT(set.capacity(), large / 10);
  for (std::uint64_t n = 0; n < 100; ++n) EXPECT_TRUE(set.contains(n, hash(n)));
  EXPECT_FALSE(set.contains(std::uint64_t{100}, hash(100)));
}

TEST(Lane, PutsWhatComesBackBeforeWhatWaits) {
  EnvelopePool pool;
  Lane lane;
  std::vector<std::uint32_t> entries;
  for (Seq seq = 1; seq <= 6; ++seq) {
    entries.push_back(pool.create());
    pool[entries.back()].seq = seq;
  }
  const auto order = [&] {
    std::vector<Seq> seqs;
    for (std::uint32_t entry = lane.head; entry != kNone; entry = lane.after(pool, entry)) seqs.push_back(pool[entry].seq);
    return seqs;
  };
  for (const std::uint32_t entry : {entries[0], entries[4], entries[5]}) lane.append(pool, entry);
  for (const std::uint32_t entry : {entries[3], entries[1], entries[2]}) {
    pool[entry].delivered = 1;
    lane.put_back(pool, entry);
  }
  EXPECT_THAT(order(), testing::ElementsAre(2, 3, 4, 1, 5, 6));
  EXPECT_EQ(lane.first_undelivered(pool), entries[0]);
  lane.remove(pool, entries[1]);
  lane.remove(pool, entries[5]);
  lane.remove(pool, entries[0]);
  EXPECT_THAT(order(), testing::ElementsAre(3, 4, 5));
  for (const std::uint32_t entry : {entries[2], entries[3], entries[4]}) lane.remove(pool, entry);
  EXPECT_TRUE(lane.empty());
  for (const std::uint32_t entry : entries) pool.destroy(entry);
}

TEST(AcknowledgedIds, ForgetByTimeAndBeyondTheirCapacity) {
  AcknowledgedIds ids{3, 600s};
  for (std::uint64_t n = 1; n <= 4; ++n) ids.remember(scrambled(n), at(seconds{n}));
  EXPECT_EQ(ids.size(), 3U);
  EXPECT_FALSE(ids.contains(scrambled(1), at(4s)));
  EXPECT_TRUE(ids.contains(scrambled(2), at(602s - 1ms)));
  EXPECT_FALSE(ids.contains(scrambled(2), at(602s)));
  EXPECT_TRUE(ids.contains(scrambled(4), at(602s)));
  ids.age(at(700s), 100);
  EXPECT_EQ(ids.size(), 0U);
}

TEST(AcknowledgedIds, RememberAnIdAnewAfterItsTime) {
  AcknowledgedIds ids{3, 600s};
  ids.remember(scrambled(1), at(0s));
  ids.remember(scrambled(1), at(600s));
  EXPECT_TRUE(ids.contains(scrambled(1), at(1'199s)));
}

TEST(AcknowledgedIds, AgeWithBoundedWork) {
  AcknowledgedIds ids{1'000, 600s};
  for (std::uint64_t n = 1; n <= 1'000; ++n) ids.remember(scrambled(n), at(0s));
  ids.age(at(600s), 100);
  EXPECT_EQ(ids.size(), 900U);
}

TEST(InviteRates, CountWithinTheHour) {
  InviteRates rates{10};
  rates.count(7, at(0s));
  EXPECT_EQ(rates.wait(7, 2, at(1s)), 0s);
  rates.count(7, at(1'800s));
  EXPECT_EQ(rates.wait(7, 2, at(1'800s + 1ms)), 1'800s);
  EXPECT_EQ(rates.wait(7, 3, at(1'800s)), 0s);
  EXPECT_EQ(rates.wait(7, 0, at(1'800s)), 0s) << "no cap";
  EXPECT_EQ(rates.wait(7, 2, at(3'600s)), 0s);
  rates.count(7, at(3'600s));
  EXPECT_EQ(rates.wait(7, 1, at(3'601s)), 3'599s);
}

TEST(InviteRates, AreBoundedAndAge) {
  InviteRates rates{2};
  for (std::uint64_t invite = 1; invite <= 3; ++invite) rates.count(invite, at(seconds{invite}));
  EXPECT_EQ(rates.size(), 2U);
  EXPECT_EQ(rates.wait(1, 1, at(4s)), 0s);
  EXPECT_GT(rates.wait(3, 1, at(4s)), 0s);
  rates.age(at(4'000s), 10);
  EXPECT_EQ(rates.size(), 0U);
}

TEST(InFlight, FindsAndErasesBySeq) {
  InFlight in_flight;
  for (const Seq seq : {5, 2, 9}) in_flight.add({seq, static_cast<std::uint32_t>(seq), 0}, 10);
  EXPECT_EQ(in_flight.bytes(), 30U);
  EXPECT_EQ(in_flight[in_flight.find(5)].envelope, 5U);
  EXPECT_EQ(in_flight.find(6), in_flight.size());
  EXPECT_EQ(in_flight.count_up_to(5), 2U);
  in_flight.erase_first(2, 20);
  EXPECT_EQ(in_flight[0].seq, 9U);
  in_flight.erase(0, 10);
  EXPECT_TRUE(in_flight.empty());
  EXPECT_EQ(in_flight.bytes(), 0U);
}

TEST(Attachments, OfAnEndedSessionFindNothing) {
  Attachments attachments;
  const Attachment first = attachments.open(10);
  EXPECT_EQ(attachments.mailbox_of(first), 10U);
  attachments.close(first);
  const Attachment second = attachments.open(20);
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_EQ(attachments.mailbox_of(first), kNone);
  EXPECT_EQ(attachments.mailbox_of(second), 20U);
  EXPECT_EQ(attachments.mailbox_of({}), kNone);
  EXPECT_EQ(attachments.mailbox_of({1, 77}), kNone);
}

TEST(RelayBudget, RefusesByUrgencyAndTakesNothingThen) {
  RelayLimits limits;
  limits.bytes = 10'000;
  limits.low_watermark = 70;
  RelayBudget budget{limits};
  EXPECT_TRUE(budget.charge(7'000 - 96, Urgency::very_low));
  EXPECT_FALSE(budget.charge(0, Urgency::very_low));
  EXPECT_TRUE(budget.charge(1'000 - 96, Urgency::low));
  EXPECT_FALSE(budget.charge(0, Urgency::low));
  EXPECT_TRUE(budget.charge(1'000 - 96, Urgency::normal));
  EXPECT_FALSE(budget.charge(0, Urgency::normal));
  EXPECT_TRUE(budget.charge(1'000 - 96, Urgency::high));
  EXPECT_FALSE(budget.charge(0, Urgency::high));
  EXPECT_EQ(budget.charged(), 10'000U);
  budget.release(1'000 - 96);
  EXPECT_EQ(budget.charged(), 9'000U);
}

TEST(RelayBudget, CountsMailboxes) {
  RelayLimits limits;
  limits.mailboxes = 1;
  RelayBudget budget{limits};
  EXPECT_TRUE(budget.add_mailbox());
  EXPECT_FALSE(budget.add_mailbox());
  budget.remove_mailbox();
  EXPECT_TRUE(budget.add_mailbox());
}

}  // namespace
}  // namespace lethe::mailbox
