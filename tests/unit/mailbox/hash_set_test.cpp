// The set of hashes, next to std::set with the same steps.
#include "mailbox/hash_set.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace lethe::mailbox {
namespace {

// Hashes that meet: few parts, few homes, and the last homes of a part, from which a run goes on at its beginning.
std::uint64_t crowded(std::mt19937_64& random) {
  const std::uint64_t part = random() % 3 << 58;
  const std::uint64_t home = (random() % 2 == 0 ? 0x3ff - random() % 4 : random() % 8) << 48;
  return part | home | random() % 16;
}

class HashSets : public testing::Test {
 protected:
  template <class Draw>
  void step(Draw draw) {
    const std::uint64_t hash = draw(random_);
    switch (random_() % 3) {
      case 0: ASSERT_EQ(set_.insert(hash), model_.insert(hash).second); break;
      case 1: ASSERT_EQ(set_.erase(hash), model_.erase(hash) != 0); break;
      default: ASSERT_EQ(set_.contains(hash), model_.contains(hash));
    }
    ASSERT_EQ(set_.size(), model_.size());
    if (random_() % 50 == 0) set_.shrink_one();
  }
  void expect_the_same() const {
    for (const std::uint64_t hash : model_) EXPECT_TRUE(set_.contains(hash));
  }

  std::mt19937_64 random_{20'261'127};
  HashSet set_;
  std::set<std::uint64_t> model_;
};

TEST_F(HashSets, DoWhatASetDoesWhereHashesMeet) {
  for (int n = 0; n < 200'000; ++n) {
    ASSERT_NO_FATAL_FAILURE(step([](std::mt19937_64& random) { return crowded(random) | 1; })) << n;
    if (n % 1'000 == 0) expect_the_same();
  }
}

TEST_F(HashSets, DoWhatASetDoesAsTheyGrowAndShrink) {
  for (const std::uint64_t different : {100'000U, 500U, 50'000U}) {
    const auto spread = [different](std::mt19937_64& random) { return (1 + random() % different) * 0x9e37'79b9'7f4a'7c15U; };
    for (int n = 0; n < 200'000; ++n) ASSERT_NO_FATAL_FAILURE(step(spread)) << n;
    expect_the_same();
  }
  while (!model_.empty()) {
    ASSERT_TRUE(set_.erase(*model_.begin()));
    model_.erase(model_.begin());
  }
  EXPECT_EQ(set_.size(), 0U);
}

TEST_F(HashSets, GiveMemoryBackPartByPart) {
  std::vector<std::uint64_t> hashes(100'000);
  for (std::uint64_t& hash : hashes) hash = random_();
  for (const std::uint64_t hash : hashes) EXPECT_TRUE(set_.insert(hash));
  const std::size_t large = set_.capacity();
  EXPECT_LT(large, hashes.size() * 3);
  for (std::size_t n = 100; n < hashes.size(); ++n) EXPECT_TRUE(set_.erase(hashes[n]));
  EXPECT_EQ(set_.capacity(), large);
  set_.shrink_one();
  EXPECT_GT(set_.capacity(), large - large / 32) << "one part at a time";
  for (int n = 1; n < 64; ++n) set_.shrink_one();
  EXPECT_LT(set_.capacity(), large / 10);
  for (std::size_t n = 0; n < 100; ++n) EXPECT_TRUE(set_.contains(hashes[n]));
  EXPECT_FALSE(set_.contains(hashes[100]));
}

TEST_F(HashSets, HoldZeroAsOne) {
  EXPECT_FALSE(set_.contains(0));
  EXPECT_FALSE(set_.erase(0));
  EXPECT_TRUE(set_.insert(0));
  EXPECT_TRUE(set_.contains(0));
  EXPECT_FALSE(set_.insert(1));
  EXPECT_TRUE(set_.erase(0));
  EXPECT_EQ(set_.size(), 0U);
}

}  // namespace
}  // namespace lethe::mailbox
