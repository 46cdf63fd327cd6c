#include "net/turn.hpp"

#include <gtest/gtest.h>

namespace lethe::net {
namespace {

TEST(Turn, IsGivenAwayThreeTimesAndThenTaken) {
  Turn turn;
  for (int round = 0; round < 3; ++round) {
    for (int n = 0; n < Turn::most; ++n) EXPECT_TRUE(turn.give_away(true));
    EXPECT_FALSE(turn.give_away(true));
  }
}

TEST(Turn, IsTakenAtOnceOnAnIdleThread) {
  Turn turn;
  EXPECT_FALSE(turn.give_away(false));
  EXPECT_TRUE(turn.give_away(true));
  EXPECT_FALSE(turn.give_away(false));
}

TEST(Turn, IsTakenOnceByWhatMatters) {
  Turn turn;
  turn.matters();
  EXPECT_FALSE(turn.give_away(true));
  EXPECT_TRUE(turn.give_away(true));
}

}  // namespace
}  // namespace lethe::net
