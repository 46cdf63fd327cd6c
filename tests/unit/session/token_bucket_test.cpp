#include "session/token_bucket.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace lethe::session {
namespace {

Monotonic at(std::int64_t ms) { return Monotonic{milliseconds{ms}}; }

TEST(TokenBucket, StartsWithTenSecondsOfItsRate) {
  TokenBucket bucket{5, at(0)};
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(bucket.take(1, at(0))) << i;
  EXPECT_FALSE(bucket.take(1, at(0)));
}

TEST(TokenBucket, ARefusalTakesNothing) {
  TokenBucket bucket{1, at(0)};
  EXPECT_TRUE(bucket.take(9, at(0)));
  EXPECT_FALSE(bucket.take(2, at(0)));
  EXPECT_TRUE(bucket.take(1, at(0)));
}

TEST(TokenBucket, RefillsWithoutLosingFractions) {
  TokenBucket bucket{3, at(0)};
  ASSERT_TRUE(bucket.take(30, at(0)));
  // A token every 333⅓ ms, asked each millisecond: 3 × 100 in 100 s, no more, no fewer.
  int taken = 0;
  for (int ms = 1; ms <= 100'000; ++ms) taken += bucket.take(1, at(ms)) ? 1 : 0;
  EXPECT_EQ(taken, 300);
}

TEST(TokenBucket, KeepsItsRateHoweverUnevenlyItIsAsked) {
  TokenBucket often{7, at(0)};
  TokenBucket seldom{7, at(0)};
  ASSERT_TRUE(often.take(70, at(0)));
  ASSERT_TRUE(seldom.take(70, at(0)));
  for (int ms = 1; ms < 1'000; ++ms) often.take(0, at(ms));
  EXPECT_EQ(often.retry_after(8, at(1'000)), seldom.retry_after(8, at(1'000)));
  EXPECT_TRUE(often.take(7, at(1'000)));
  EXPECT_FALSE(often.take(1, at(1'000)));
}

TEST(TokenBucket, NeverHoldsMoreThanItsBurst) {
  TokenBucket bucket{2, at(0)};
  ASSERT_TRUE(bucket.take(20, at(0)));
  const Monotonic ages_later = at(std::numeric_limits<std::int64_t>::max() / 2);
  EXPECT_TRUE(bucket.take(20, ages_later));
  EXPECT_FALSE(bucket.take(1, ages_later));
}

TEST(TokenBucket, HoldsHugeRatesAndTimesWithoutOverflow) {
  TokenBucket bucket{std::numeric_limits<std::uint64_t>::max(), at(0)};
  EXPECT_TRUE(bucket.take(std::numeric_limits<std::uint64_t>::max(), at(0)));
  EXPECT_FALSE(bucket.take(1, at(0)));
  EXPECT_TRUE(bucket.take(1, at(1)));
  EXPECT_TRUE(bucket.take(std::numeric_limits<std::uint64_t>::max(), at(std::numeric_limits<std::int64_t>::max())));
}

TEST(TokenBucket, ARequestBeyondTheBurstWaitsForAFullBucketAndEmptiesIt) {
  TokenBucket bucket{10, at(0)};
  EXPECT_TRUE(bucket.take(5'000, at(0)));
  EXPECT_FALSE(bucket.take(1, at(0)));
  EXPECT_FALSE(bucket.take(5'000, at(9'999)));
  EXPECT_EQ(bucket.retry_after(5'000, at(9'000)), seconds{1});
  EXPECT_TRUE(bucket.take(5'000, at(10'000)));
}

TEST(TokenBucket, SaysWhenToComeBackRoundedUp) {
  TokenBucket bucket{4, at(0)};
  EXPECT_EQ(bucket.retry_after(40, at(0)), seconds{0});
  ASSERT_TRUE(bucket.take(40, at(0)));
  EXPECT_EQ(bucket.retry_after(0, at(0)), seconds{0});
  EXPECT_EQ(bucket.retry_after(1, at(0)), seconds{1});
  EXPECT_EQ(bucket.retry_after(4, at(0)), seconds{1});
  EXPECT_EQ(bucket.retry_after(5, at(0)), seconds{2});
  EXPECT_EQ(bucket.retry_after(40, at(0)), seconds{10});
  EXPECT_FALSE(bucket.take(5, at(1'249)));
  EXPECT_TRUE(bucket.take(5, at(1'250)));
}

TEST(TokenBucket, AChargeMayBeOwedUpToTheBurst) {
  TokenBucket little{1, at(0)};
  little.charge(13, at(0));
  EXPECT_EQ(little.retry_after(1, at(0)), seconds{4});
  TokenBucket bucket{1, at(0)};
  bucket.charge(1'000'000, at(0));
  bucket.charge(1'000'000, at(0));
  EXPECT_EQ(bucket.retry_after(1, at(0)), seconds{11});
  EXPECT_FALSE(bucket.take(1, at(10'999)));
  EXPECT_TRUE(bucket.take(1, at(11'000)));
}

TEST(TokenBucket, IgnoresATimeThatGoesBack) {
  TokenBucket bucket{1, at(5'000)};
  ASSERT_TRUE(bucket.take(10, at(5'000)));
  EXPECT_FALSE(bucket.take(1, at(0)));
  EXPECT_FALSE(bucket.take(1, at(5'999)));
  EXPECT_TRUE(bucket.take(1, at(6'000)));
}

TEST(TokenBucket, ARateOfZeroRefusesEverythingButNothing) {
  TokenBucket bucket{0, at(0)};
  EXPECT_FALSE(bucket.take(1, at(1'000'000)));
  EXPECT_TRUE(bucket.take(0, at(1'000'000)));
  EXPECT_EQ(bucket.retry_after(1, at(0)), TokenBucket::never);
}

TEST(TokenBucket, IsFullOnceEverythingCameBack) {
  TokenBucket bucket{2, at(0)};
  EXPECT_TRUE(bucket.full(at(0)));
  bucket.take(4, at(0));
  EXPECT_FALSE(bucket.full(at(1'999)));
  EXPECT_TRUE(bucket.full(at(2'000)));
}

}  // namespace
}  // namespace lethe::session
