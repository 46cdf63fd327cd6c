#include "audit/canary/canaries.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace lethe::audit {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(Canaries, AreTheSameForTheSameSeedAndTrial) {
  Canaries one{7, 1}, again{7, 1};
  EXPECT_EQ(one.payload(1'000), again.payload(1'000));
  EXPECT_EQ(one.payload(9), again.payload(9));
  EXPECT_EQ(one.mask(), again.mask());
}

TEST(Canaries, DifferFromTrialToTrialAndFromSeedToSeed) {
  std::set<Bytes> seen;
  std::set<Tag> tags;
  for (const auto& [seed, trial] : {std::pair{7, 1}, {7, 2}, {8, 1}}) {
    Canaries canaries{static_cast<std::uint64_t>(seed), static_cast<std::uint64_t>(trial)};
    tags.insert(canaries.tag());
    seen.insert(canaries.payload(10));
  }
  EXPECT_EQ(tags.size(), 3U);
  EXPECT_EQ(seen.size(), 3U);
}

TEST(Canaries, MakePayloadsOfEverySizeOutOfBlocksThatNoOtherHas) {
  Canaries canaries{7, 1};
  std::set<Bytes> blocks;
  for (const std::size_t size : {16UL, 24UL, 100UL, 1'500UL}) {
    const Bytes payload = canaries.payload(size);
    ASSERT_EQ(payload.size(), size);
    for (std::size_t at = 0; at + Blocks::size <= size; at += Blocks::size) {
      const Bytes block(payload.begin() + static_cast<std::ptrdiff_t>(at), payload.begin() + static_cast<std::ptrdiff_t>(at + 16));
      EXPECT_TRUE(std::equal(canaries.tag().begin(), canaries.tag().end(), block.begin()));
      EXPECT_TRUE(blocks.insert(block).second);
    }
  }
  EXPECT_EQ(canaries.blocks(), 1U + 2 + 7 + 94);
}

TEST(Canaries, GiveSmallPayloadsAMarkerOfTheirOwnFromSixBytesOn) {
  Canaries canaries{7, 1};
  EXPECT_EQ(canaries.payload(0).size(), 0U);
  EXPECT_EQ(canaries.payload(5).size(), 5U);
  EXPECT_EQ(canaries.markers().size(), 1U) << "the tag";
  const Bytes six = canaries.payload(6);
  const Bytes fifteen = canaries.payload(15);
  ASSERT_EQ(canaries.markers().size(), 3U);
  EXPECT_EQ(canaries.markers()[1].bytes, six);
  EXPECT_EQ(canaries.markers()[2].bytes, fifteen);
  EXPECT_EQ(canaries.payloads().back().marker, 2U);
  EXPECT_EQ(canaries.blocks(), 0U);
}

TEST(Canaries, TellWhoseABlockIs) {
  Canaries canaries{7, 1};
  for (const std::size_t size : {40UL, 8UL, 1UL, 16UL, 7UL, 100UL, 3UL}) (void)canaries.payload(size);
  const auto owners = [&] {
    std::vector<std::size_t> all;
    for (std::uint32_t block = 0; block < canaries.blocks(); ++block) all.push_back(canaries.payload_of(block).value());
    return all;
  }();
  EXPECT_EQ(owners, (std::vector<std::size_t>{0, 0, 0, 3, 5, 5, 5, 5, 5, 5, 5}));
  EXPECT_EQ(canaries.payload_of(canaries.blocks()), std::nullopt);
}

TEST(Canaries, TakeNoMarkerThatIsTooShortToBeSearchedFor) {
  Canaries canaries{7, 1};
  const Bytes bytes{1, 2, 3, 4, 5};
  EXPECT_THROW(canaries.add(Secret::topic, bytes), std::invalid_argument);
  EXPECT_NO_THROW(canaries.add(Secret::client_address, std::span{bytes}.first(4)));
}

TEST(Canaries, MaskWithFourDifferentBytesThatChangeEveryOne) {
  for (std::uint64_t trial = 0; trial < 500; ++trial) {
    const Canaries canaries{7, trial};
    const std::set<std::uint8_t> bytes(canaries.mask().begin(), canaries.mask().end());
    ASSERT_EQ(bytes.size(), 4U) << trial;
    ASSERT_FALSE(bytes.contains(0)) << trial;
  }
}

}  // namespace
}  // namespace lethe::audit
