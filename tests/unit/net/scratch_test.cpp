#include "net/scratch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace lethe::net {
namespace {

TEST(ScratchPool, OverwritesWhatWasUsedBeforeTheNextLease) {
  TransitBudget budget{1'000'000};
  ScratchPool pool{budget, 4'096};
  const std::uint8_t* memory = nullptr;
  {
    Lease lease = pool.lease();
    memory = lease.bytes().data();
    std::memset(lease.bytes().data(), 0x5a, 100);
    lease.used = 100;
  }
  const Lease again = pool.lease();
  ASSERT_EQ(again.bytes().data(), memory) << "the same memory serves again";
  EXPECT_EQ(std::count(again.bytes().begin(), again.bytes().begin() + 100, 0x5a), 0);
}

TEST(ScratchPool, RefusesWhereTheBudgetIsUsedUpAndRecovers) {
  TransitBudget budget{10'000};
  ScratchPool pool{budget, 4'096};
  Lease first = pool.lease();
  Lease second = pool.lease();
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(pool.lease());
  EXPECT_EQ(budget.used(), 8'192U) << "a refusal charges nothing";
  first.reset();
  EXPECT_TRUE(pool.lease());
}

TEST(ScratchPool, GrowsALeaseWithItsBytesAndOverwritesTheOldOne) {
  TransitBudget budget{100'000};
  ScratchPool pool{budget, 4'096};
  Lease lease = pool.lease();
  const std::uint8_t* old = lease.bytes().data();
  std::memset(lease.bytes().data(), 7, 4'096);
  lease.used = 4'096;
  lease = pool.grow(lease, 8'192);
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease.used, 4'096U);
  EXPECT_EQ(std::count(lease.bytes().begin(), lease.bytes().begin() + 4'096, 7), 4'096);
  const Lease reused = pool.lease();
  ASSERT_EQ(reused.bytes().data(), old);
  EXPECT_EQ(std::count(reused.bytes().begin(), reused.bytes().end(), 7), 0);
  EXPECT_EQ(budget.used(), 8'192U + 4'096U);
}

TEST(ScratchPool, KeepsTheLeaseWhereItCanNotGrow) {
  TransitBudget budget{5'000};
  ScratchPool pool{budget, 4'096};
  Lease lease = pool.lease();
  lease.used = 1;
  EXPECT_FALSE(pool.grow(lease, 8'192));
  EXPECT_TRUE(lease);
  EXPECT_EQ(lease.used, 1U);
}

TEST(TransitBudget, KeepsAQuarterForWhatPasses) {
  TransitBudget budget{1'000};
  EXPECT_TRUE(budget.charge(750, Stay::held));
  EXPECT_FALSE(budget.charge(1, Stay::held));
  EXPECT_TRUE(budget.charge(250, Stay::passing));
  EXPECT_FALSE(budget.charge(1, Stay::passing));
  EXPECT_EQ(budget.used(), 1'000U) << "refusals charge nothing";
}

TEST(ScratchPool, HoldsWhatIsExpected) {
  TransitBudget budget{10'000'000};
  ScratchPool pool{budget, 100'000};
  EXPECT_EQ(pool.hold(1).bytes().size(), ScratchPool::small_size);
  EXPECT_EQ(pool.hold(ScratchPool::small_size + 1).bytes().size(), ScratchPool::medium_size);
  EXPECT_EQ(pool.hold(ScratchPool::medium_size + 1).bytes().size(), 100'000U);
  EXPECT_EQ(pool.hold(1'000'000).bytes().size(), 100'000U) << "the rest is only claimed";
  EXPECT_EQ(budget.used(), 0U);
}

TEST(ScratchPool, HoldsLittleAtFirstWhereMemoryIsScarce) {
  TransitBudget budget{400'000};
  ScratchPool pool{budget, 100'000};
  const Lease ample = pool.hold(90'000);
  EXPECT_EQ(ample.bytes().size(), 100'000U);
  Lease sparing = pool.hold(90'000);
  EXPECT_EQ(sparing.bytes().size(), ScratchPool::small_size);
  sparing = pool.grow(sparing, ScratchPool::small_size + 1);
  EXPECT_EQ(sparing.bytes().size(), 16'384U);
  sparing = pool.grow(sparing, 90'000);
  EXPECT_EQ(sparing.bytes().size(), 100'000U);
  EXPECT_EQ(budget.used(), 200'000U);
}

TEST(ScratchPool, AHeldLeaseGrowsWithinWhatMayBeHeld) {
  TransitBudget budget{40'000};
  ScratchPool pool{budget, 10'000};
  Lease held = pool.hold(10'000);
  EXPECT_FALSE(pool.grow(held, 30'000));
  Lease passing = pool.lease();
  EXPECT_TRUE(pool.grow(passing, 20'000));
}

TEST(ScratchPool, AsksItsOwnerForMemoryWhereItIsShort) {
  TransitBudget budget{1'000};
  ScratchPool pool{budget, 100};
  EXPECT_FALSE(pool.relieve());
  int asked = 0;
  pool.when_short([&asked] { return ++asked == 1; });
  EXPECT_TRUE(pool.relieve());
  EXPECT_FALSE(pool.relieve());
}

TEST(Lease, MovesWithoutChargingTwice) {
  TransitBudget budget{10'000};
  ScratchPool pool{budget, 4'096};
  Lease first = pool.lease();
  Lease second = std::move(first);
  EXPECT_EQ(budget.used(), 4'096U);
  second = Lease{};
  EXPECT_EQ(budget.used(), 0U);
}

}  // namespace
}  // namespace lethe::net
