#include "audit/canary/stream_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace lethe::audit {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<std::uint64_t> offsets(const Search& search, const Bytes& bytes, std::size_t part, std::uint64_t from = 0) {
  std::vector<std::uint64_t> all;
  StreamSearch stream{search, [&](const Hit& hit) { all.push_back(hit.offset); }};
  for (std::size_t at = 0; at < bytes.size(); at += part) {
    stream.add(from + at, std::span{bytes}.subspan(at, std::min(part, bytes.size() - at)));
  }
  stream.finish();
  return all;
}

TEST(StreamSearch, FindsOnceWhatLiesAcrossParts) {
  Canaries canaries{1, 1};
  const Bytes payload = canaries.payload(48);
  const Search search{canaries};
  for (std::size_t at = 0; at < 100; ++at) {
    Bytes bytes(200);
    std::ranges::copy(payload, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    for (const std::size_t part : {1UL, 7UL, 64UL, 500UL}) {
      ASSERT_EQ(offsets(search, bytes, part, 5'000), (std::vector<std::uint64_t>{5'000 + at, 5'016 + at, 5'032 + at}));
    }
  }
}

TEST(StreamSearch, FindsEveryBlockOfALongStretchOnce) {
  Canaries canaries{1, 1};
  const Bytes payload = canaries.payload(5 << 20);
  std::vector<std::uint64_t> expected;
  for (std::uint64_t at = 0; at < payload.size(); at += Blocks::size) expected.push_back(at);
  const Search search{canaries};
  for (const std::size_t part : {4'096UL, std::size_t{1} << 20, (std::size_t{1} << 20) + 12'345}) {
    ASSERT_EQ(offsets(search, payload, part), expected) << part;
  }
}

TEST(StreamSearch, TakesAGapForABorder) {
  Canaries canaries{1, 1};
  const Bytes payload = canaries.payload(16);
  const Search search{canaries};
  std::size_t hits = 0;
  StreamSearch stream{search, [&](const Hit&) { ++hits; }};
  stream.add(0, std::span{payload}.first(6));
  stream.add(4'096, std::span{payload}.subspan(6));
  stream.finish();
  EXPECT_EQ(hits, 0U);
  stream.add(8'192, payload);
  stream.finish();
  EXPECT_EQ(hits, 1U);
}

TEST(StreamSearch, ReportsRemnantsAtItsBordersAsRemnants) {
  Canaries canaries{1, 1};
  const Bytes payload = canaries.payload(3 << 20);
  const Search search{canaries};
  std::vector<std::uint32_t> blocks;
  StreamSearch stream{search, [&](const Hit& hit) { blocks.push_back(hit.block.value()); }};
  stream.add(0, std::span{payload}.subspan(4));   // the first block has lost half of its tag
  stream.finish();
  ASSERT_EQ(blocks.size(), payload.size() / Blocks::size);
  for (std::uint32_t i = 0; i < blocks.size(); ++i) ASSERT_EQ(blocks[i], i);
}

}  // namespace
}  // namespace lethe::audit
