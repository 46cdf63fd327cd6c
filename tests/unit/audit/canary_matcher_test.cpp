#include "audit/canary/matcher.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace lethe::audit {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes random_bytes(std::size_t size, std::uint8_t seed) {
  const std::array<std::uint8_t, randombytes_SEEDBYTES> key{seed};
  Bytes bytes(size);
  randombytes_buf_deterministic(bytes.data(), size, key.data());
  return bytes;
}

Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

std::vector<std::uint64_t> offsets(const Matcher& matcher, const Bytes& bytes) {
  std::vector<std::uint64_t> all;
  for (const Matcher::Match& match : matcher.find(bytes, 1'000)) all.push_back(match.offset);
  return all;
}

void place(Bytes& bytes, std::size_t at, const Bytes& what) { std::ranges::copy(what, bytes.begin() + static_cast<std::ptrdiff_t>(at)); }

TEST(Matcher, FindsAPatternAtEveryOffsetOnce) {
  for (const std::size_t size : {6UL, 7UL, 8UL, 9UL, 30UL}) {
    const Bytes pattern = random_bytes(size, 3);
    const Matcher matcher{{pattern, random_bytes(12, 4)}};
    for (std::size_t at = 0; at <= 100 - size; ++at) {
      Bytes bytes = random_bytes(100, 5);
      place(bytes, at, pattern);
      ASSERT_EQ(offsets(matcher, bytes), std::vector<std::uint64_t>{at}) << size;
    }
  }
}

TEST(Matcher, FindsAPatternAroundTheBordersOfZeroPages) {
  const Bytes pattern = random_bytes(8, 3);
  const Matcher matcher{{pattern}};
  for (std::size_t at = 4'080; at < 4'110; ++at) {
    Bytes bytes(5 * 4'096);
    place(bytes, at, pattern);
    place(bytes, at + 8'192, pattern);
    ASSERT_EQ(offsets(matcher, bytes), (std::vector<std::uint64_t>{at, at + 8'192}));
  }
}

TEST(Matcher, FindsAPatternWhoseZerosLieInAZeroPage) {
  const Bytes pattern{0, 0, 1, 2, 3, 4};
  const Matcher matcher{{pattern}};
  for (std::size_t at = 4'090; at < 4'098; ++at) {
    Bytes bytes(2 * 4'096);
    place(bytes, at, pattern);
    ASSERT_EQ(offsets(matcher, bytes), std::vector<std::uint64_t>{at});
  }
}

TEST(Matcher, FindsWhatLiesInEachOther) {
  const Matcher matcher{{text("abcabcabc"), text("abcabc"), text("cabcab")}};
  const Bytes bytes = text("..abcabcabc..");
  EXPECT_EQ(offsets(matcher, bytes), (std::vector<std::uint64_t>{2, 2, 4, 5}));
}

TEST(Matcher, NamesThePattern) {
  const Matcher matcher{{text("first one"), text("second one")}};
  const auto found = matcher.find(text("the second one"), 10);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pattern, 1U);
}

TEST(Matcher, ReadsNothingBeyondTheEnd) {
  const Bytes pattern = text("pattern");
  const Matcher matcher{{pattern}};
  for (std::size_t size = 0; size < pattern.size(); ++size) {
    EXPECT_TRUE(matcher.find(std::span{pattern}.first(size), 10).empty()) << size;
  }
}

TEST(Matcher, StopsAtTheLimit) {
  Bytes bytes;
  for (int i = 0; i < 100; ++i) bytes.insert(bytes.end(), {'p', 'a', 't', 't', 'e', 'r', 'n'});
  EXPECT_EQ(Matcher{{text("pattern")}}.find(bytes, 7).size(), 7U);
}

TEST(Matcher, FindsEachOfManyPatterns) {
  std::vector<Bytes> patterns;
  Bytes bytes;
  for (std::uint8_t seed = 0; seed < 250; ++seed) {
    patterns.push_back(random_bytes(8 + seed % 50, seed));
    bytes.insert(bytes.end(), patterns.back().begin(), patterns.back().end());
    bytes.push_back(0);
  }
  const auto found = Matcher{patterns}.find(bytes, 1'000);
  ASSERT_EQ(found.size(), patterns.size());
  for (std::uint32_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].pattern, i);
}

TEST(Matcher, RefusesWhatCanNotBeToldFromChance) {
  EXPECT_THROW(Matcher{{text("short")}}, std::invalid_argument);
  EXPECT_THROW(Matcher{{Bytes(20)}}, std::invalid_argument);
}

}  // namespace
}  // namespace lethe::audit
