#include "session/jitter.hpp"

#include <gtest/gtest.h>

#include <set>

namespace lethe::session {
namespace {

TEST(Jitter, StaysBetweenTheBaseAndTwiceIt) {
  std::set<seconds> seen;
  for (std::uint64_t random = 0; random < 1'000; ++random) {
    const seconds time = jittered(seconds{10}, random * 0x9e3779b97f4a7c15U);
    EXPECT_GE(time, seconds{10});
    EXPECT_LE(time, seconds{20});
    seen.insert(time);
  }
  EXPECT_EQ(seen.size(), 11U);
}

TEST(Jitter, LeavesNoTimeAlone) {
  EXPECT_EQ(jittered(seconds{0}, 12'345), seconds{0});
  EXPECT_EQ(jittered(seconds{-5}, 12'345), seconds{0});
}

TEST(Jitter, IsAFunctionOfTheRandomNumber) {
  EXPECT_EQ(jittered(seconds{10}, 0), seconds{10});
  EXPECT_EQ(jittered(seconds{10}, 10), seconds{20});
  EXPECT_EQ(jittered(seconds{10}, 11), seconds{10});
  EXPECT_EQ(jittered(seconds{1}, ~std::uint64_t{0}), seconds{2});
}

}  // namespace
}  // namespace lethe::session
