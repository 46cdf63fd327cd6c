#include <gtest/gtest.h>

#include "client/backoff.hpp"

namespace lethe::client {

TEST(Backoff, DoublesUpToItsLongestWait) {
  Backoff backoff({milliseconds(100), milliseconds(350)});
  EXPECT_EQ(backoff.next(0), milliseconds(50));
  EXPECT_EQ(backoff.next(0), milliseconds(100));
  EXPECT_EQ(backoff.next(0), milliseconds(175));
  for (int i = 0; i < 100; ++i) backoff.next(0);
  EXPECT_EQ(backoff.next(0), milliseconds(175));
}

TEST(Backoff, DrawsItsWaitFromTheUpperHalf) {
  Backoff backoff({milliseconds(1'000), milliseconds(1'000)});
  EXPECT_EQ(backoff.next(0), milliseconds(500));
  EXPECT_EQ(backoff.next(0.5), milliseconds(750));
  EXPECT_LT(backoff.next(0.999), milliseconds(1'000));
}

TEST(Backoff, NeverWaitsLessThanTheRelayAskedFor) {
  Backoff backoff({milliseconds(100), milliseconds(200)});
  EXPECT_EQ(backoff.next(0, seconds(30)), seconds(30));
  EXPECT_EQ(backoff.next(0, seconds(0)), milliseconds(100));
}

TEST(Backoff, StartsAnewAfterASuccess) {
  Backoff backoff({milliseconds(100), milliseconds(10'000)});
  backoff.next(0);
  backoff.next(0);
  backoff.reset();
  EXPECT_EQ(backoff.next(0), milliseconds(50));
}

}  // namespace lethe::client
