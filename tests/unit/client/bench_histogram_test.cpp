#include "bench/histogram.hpp"

#include <gtest/gtest.h>

namespace lethe::bench {
namespace {

TEST(BenchHistogram, HasSmallValuesExactly) {
  Histogram histogram;
  for (std::uint64_t value = 1; value <= 63; ++value) histogram.add(value);
  EXPECT_EQ(histogram.at(0.5), 32U);
  EXPECT_EQ(histogram.at(1), 63U);
}

TEST(BenchHistogram, NamesTheEndOfABucketThatHoldsTheValueAndIsNotFarFromIt) {
  for (const std::uint64_t value : {64U, 65U, 1'000U, 123'456U, 999'999'999U}) {
    Histogram histogram;
    histogram.add(value);
    EXPECT_GE(histogram.at(0.5), value);
    EXPECT_LE(static_cast<double>(histogram.at(0.5)), static_cast<double>(value) * 1.016 + 1);
  }
}

TEST(BenchHistogram, KeepsAStallThatOneOfAHundredMet) {
  Histogram histogram;
  for (int i = 0; i < 980; ++i) histogram.add(1'000);
  for (int i = 0; i < 20; ++i) histogram.add(1'000'000);
  EXPECT_LT(histogram.at(0.5), 1'100U);
  EXPECT_GE(histogram.at(0.99), 1'000'000U);
}

TEST(BenchHistogram, AddsUpAndCountsTheLongestAsAMinute) {
  Histogram all;
  EXPECT_EQ(all.at(0.5), 0U);
  Histogram one;
  one.add(~std::uint64_t{0});
  all.add(one);
  all.add(one);
  EXPECT_EQ(all.total(), 2U);
  EXPECT_NEAR(static_cast<double>(all.at(1)), 60e9, 1e9);
}

}  // namespace
}  // namespace lethe::bench
