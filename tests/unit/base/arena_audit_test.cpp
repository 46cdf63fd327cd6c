#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "base/arena.hpp"
#include "base/zero.hpp"

namespace lethe {
namespace {

Arena::Options options(std::size_t slabs, SecretMemory secret = SecretMemory::off, unsigned shards = 1) {
  return {.size = slabs * Arena::slab_size, .locking = MemoryLocking::best_effort, .secret = secret, .shards = shards};
}

// What the audits of as many ticks see together.
ArenaAudit watch(ArenaShard& shard, int ticks) {
  ArenaAudit seen;
  for (int tick = 0; tick < ticks; ++tick) seen += shard.audit();
  return seen;
}

TEST(AllZero, SeesEachByte) {
  for (std::size_t size = 0; size < 300; ++size) {
    std::vector<std::uint8_t> bytes(size);
    ASSERT_TRUE(all_zero(bytes));
    for (std::size_t at = 0; at < size; ++at) {
      bytes[at] = 1;
      ASSERT_FALSE(all_zero(bytes)) << size << " " << at;
      bytes[at] = 0;
    }
  }
}

TEST(ArenaAudit, FindsNothingWhereEverythingWasReleasedInOrder) {
  Arena arena{options(64)};
  ArenaShard& shard = arena.shard(0);
  std::vector<ArenaBlock*> blocks;
  for (std::size_t n = 0; n < 3'000; ++n) {
    blocks.push_back(shard.allocate(n % 500));
    std::memset(blocks.back()->bytes().data(), 0xff, blocks.back()->size);
  }
  for (std::size_t n = 0; n < blocks.size(); n += 2) blocks[n]->release();
  const ArenaAudit half = arena.audit();
  EXPECT_EQ(half.dirty, 0U);
  EXPECT_GT(half.blocks, 1'500U);
  for (std::size_t n = 1; n < blocks.size(); n += 2) blocks[n]->release();
  EXPECT_EQ(arena.audit().dirty, 0U);
}

TEST(ArenaAudit, CountsAFreeBlockThatIsNotZero) {
  Arena arena{options(2)};
  ArenaShard& shard = arena.shard(0);
  ArenaBlock* const kept = shard.allocate(100);
  ArenaBlock* const freed = shard.allocate(100);
  std::uint8_t* const bytes = freed->bytes().data();
  freed->release();
  shard.reclaim();
  EXPECT_EQ(watch(shard, 3).dirty, 0U);
  bytes[99] = 1;
  EXPECT_EQ(shard.audit().dirty, 1U);
  EXPECT_EQ(shard.audit().dirty, 1U) << "it stays, and is seen again";
  EXPECT_EQ(arena.audit().dirty, 1U);
  bytes[99] = 0;
  EXPECT_EQ(arena.audit().dirty, 0U);
  kept->release();
}

TEST(ArenaAudit, CountsABlockThatWasNeverHandedOutAndTheRestOfASlab) {
  Arena arena{options(1)};
  ArenaShard& shard = arena.shard(0);
  ArenaBlock* const first = shard.allocate(1'000);   // blocks of 1,024 bytes fill a slab; of 1,152 they leave a rest
  std::uint8_t* const in_second = reinterpret_cast<std::uint8_t*>(first) + 2'047;
  *in_second = 7;
  EXPECT_EQ(shard.audit().dirty, 1U);
  *in_second = 0;
  first->release();

  ArenaBlock* const other = shard.allocate(1'100);
  std::uint8_t* const last = reinterpret_cast<std::uint8_t*>(other) + Arena::slab_size - 1;
  *last = 7;
  EXPECT_EQ(shard.audit().dirty, 1U);
  *last = 0;
  EXPECT_EQ(shard.audit().dirty, 0U);
  other->release();
}

TEST(ArenaAudit, LeavesWhatIsInUseAlone) {
  Arena arena{options(1)};
  ArenaBlock* const block = arena.shard(0).allocate(5'000);
  std::memset(block->bytes().data(), 0xee, 5'000);
  block->retain();
  block->release();
  EXPECT_EQ(watch(arena.shard(0), 2).dirty, 0U);
  EXPECT_EQ(arena.audit().dirty, 0U);
  block->release();
}

TEST(ArenaAudit, ComesByEverySlabInTurn) {
  Arena arena{options(8)};
  ArenaShard& shard = arena.shard(0);
  std::vector<ArenaBlock*> blocks;
  for (int n = 0; n < 8; ++n) blocks.push_back(shard.allocate(200'000));
  std::uint8_t* const behind = blocks[5]->bytes().data() + 250'000;
  *behind = 1;   // what was never a block
  EXPECT_EQ(watch(shard, 8).dirty, 1U);
  EXPECT_EQ(watch(shard, 16).dirty, 2U);
  *behind = 0;
  for (ArenaBlock* const block : blocks) block->release();
}

TEST(ArenaAudit, LooksIntoSlabsThatASecretRegionTookBack) {
  Arena arena{options(4, SecretMemory::best_effort)};
  if (!arena.secret()) GTEST_SKIP() << "this kernel has no secret memory";
  ArenaShard& shard = arena.shard(0);
  ArenaBlock* const block = shard.allocate(64);
  std::uint8_t* const bytes = block->bytes().data();
  block->release();
  for (int sweeps = 0; sweeps < 2; ++sweeps) shard.reclaim();
  ASSERT_EQ(shard.slabs(), 0U);
  bytes[40] = 1;
  const ArenaAudit seen = watch(shard, 4);
  EXPECT_EQ(seen.blocks, 4U);
  EXPECT_EQ(seen.dirty, 1U);
}

TEST(ArenaAudit, OfTheWholeArenaTakesInEveryShardAndWhatIsOnItsWayHome) {
  Arena arena{options(6, SecretMemory::off, 3)};
  std::vector<ArenaBlock*> blocks;
  for (unsigned shard = 0; shard < 3; ++shard) blocks.push_back(arena.shard(shard).allocate(300));
  for (ArenaBlock* const block : blocks) block->bytes()[0] = 9;
  for (ArenaBlock* const block : blocks) block->release();
  const ArenaAudit clean = arena.audit();
  EXPECT_EQ(clean.blocks, 6U) << "all slabs are empty";
  EXPECT_EQ(clean.dirty, 0U);
  blocks[2]->bytes().data()[200] = 1;
  EXPECT_EQ(arena.audit().dirty, 1U);
}

}  // namespace
}  // namespace lethe
