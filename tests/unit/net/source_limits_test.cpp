#include "net/source_limits.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <thread>
#include <vector>

namespace lethe::net {
namespace {

Monotonic at(std::int64_t ms) { return Monotonic{milliseconds{ms}}; }

const KeyedHash hash{KeyedHash::Key{9, 8, 7}};

SourcePrefix v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return SourcePrefix{std::array<std::uint8_t, 4>{a, b, c, d}, hash};
}
SourcePrefix v6(const std::array<std::uint8_t, 16>& bytes) { return SourcePrefix{bytes, hash}; }

SessionLimits limits_of(std::uint32_t total, std::uint32_t per_source, std::uint32_t rate) {
  SessionLimits limits;
  limits.total = total;
  limits.per_source = per_source;
  limits.handshakes_per_second = rate;
  return limits;
}

TEST(SourcePrefix, IsTheWholeIpv4Address) {
  EXPECT_EQ(v4(192, 0, 2, 1), v4(192, 0, 2, 1));
  EXPECT_NE(v4(192, 0, 2, 1), v4(192, 0, 2, 2));
}

TEST(SourcePrefix, IsTheFirstHalfOfAnIpv6Address) {
  std::array<std::uint8_t, 16> one{0x20, 1, 0xd, 0xb8, 1, 2, 3, 4};
  std::array<std::uint8_t, 16> same = one;
  same[8] = 0xff;
  same[15] = 1;
  std::array<std::uint8_t, 16> other = one;
  other[7] = 5;
  EXPECT_EQ(v6(one), v6(same));
  EXPECT_NE(v6(one), v6(other));
}

TEST(SourcePrefix, AMappedIpv4AddressIsTheIpv4One) {
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}), v4(192, 0, 2, 1));
  EXPECT_NE(v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}), v4(192, 0, 2, 2));
  EXPECT_NE(v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1}), v4(192, 0, 2, 1));
}

TEST(SourcePrefix, DependsOnTheKey) {
  const std::array<std::uint8_t, 4> address{192, 0, 2, 1};
  EXPECT_NE(SourcePrefix(address, hash), SourcePrefix(address, KeyedHash{KeyedHash::Key{1}}));
}

TEST(SourceLimits, GoByOthersFromOneMomentOn) {
  SourceLimits sources{limits_of(100, 1, 1)};
  const auto first = sources.admit(v4(1, 1, 1, 1), at(0));
  EXPECT_EQ(sources.admit(v4(1, 1, 1, 1), at(0)).welcome, Welcome::too_many);
  sources.adopt(limits_of(100, 3, 2), at(1));
  std::vector<SourceLimits::Answer> more;
  for (int i = 0; i < 20; ++i) more.push_back(sources.admit(v4(1, 1, 1, 1), at(1)));
  EXPECT_EQ(more[1].welcome, Welcome::admitted);
  EXPECT_EQ(more[2].welcome, Welcome::too_many) << "the first one still counts";
  EXPECT_EQ(more[19].welcome, Welcome::too_many) << "a burst of twenty";
  EXPECT_EQ(sources.admit(v4(1, 1, 1, 1), at(1)).welcome, Welcome::too_fast);
  sources.adopt(limits_of(100, 1, 2), at(2));
  EXPECT_EQ(sources.connections(), 3U) << "nobody is sent away";
  EXPECT_EQ(sources.admit(v4(1, 1, 1, 1), at(2)).welcome, Welcome::too_many);
}

TEST(SourceLimits, AdmitsUpToItsLimitForASourceAndNoOtherSuffers) {
  const SessionLimits limits = limits_of(100, 2, 50);
  SourceLimits sources{limits};
  auto first = sources.admit(v4(1, 1, 1, 1), at(0));
  auto second = sources.admit(v4(1, 1, 1, 1), at(0));
  EXPECT_EQ(first.welcome, Welcome::admitted);
  EXPECT_TRUE(second.place);
  const auto third = sources.admit(v4(1, 1, 1, 1), at(0));
  EXPECT_EQ(third.welcome, Welcome::too_many);
  EXPECT_FALSE(third.place);
  EXPECT_GT(third.retry_after, seconds{0});
  EXPECT_EQ(sources.admit(v4(2, 2, 2, 2), at(0)).welcome, Welcome::admitted);
  first.place.release();
  EXPECT_EQ(sources.admit(v4(1, 1, 1, 1), at(0)).welcome, Welcome::admitted);
}

TEST(SourceLimits, AdmitsUpToItsTotal) {
  const SessionLimits limits = limits_of(2, 2, 50);
  SourceLimits sources{limits};
  auto first = sources.admit(v4(1, 1, 1, 1), at(0));
  auto second = sources.admit(v4(2, 2, 2, 2), at(0));
  const auto third = sources.admit(v4(3, 3, 3, 3), at(0));
  EXPECT_EQ(third.welcome, Welcome::full);
  EXPECT_GT(third.retry_after, seconds{0});
  EXPECT_EQ(sources.connections(), 2U);
  second.place.release();
  EXPECT_EQ(sources.connections(), 1U);
  EXPECT_EQ(sources.admit(v4(3, 3, 3, 3), at(0)).welcome, Welcome::admitted);
}

TEST(SourceLimits, SlowsASourceDownAndCutsAFloodOff) {
  const SessionLimits limits = limits_of(1'000, 1'000, 2);
  SourceLimits sources{limits};
  std::map<Welcome, int> seen;
  for (int i = 0; i < 60; ++i) ++seen[sources.admit(v4(1, 1, 1, 1), at(0)).welcome];
  EXPECT_EQ(seen[Welcome::admitted], 20) << "ten seconds of the rate";
  EXPECT_EQ(seen[Welcome::too_fast], 20) << "as many again are told so";
  EXPECT_EQ(seen[Welcome::flood], 20);
  EXPECT_EQ(sources.admit(v4(2, 2, 2, 2), at(0)).welcome, Welcome::admitted);
}

TEST(SourceLimits, AFasterSourceStillGetsItsRate) {
  const SessionLimits limits = limits_of(100'000, 100'000, 2);
  SourceLimits sources{limits};
  for (int i = 0; i < 100; ++i) sources.admit(v4(1, 1, 1, 1), at(0));
  int admitted = 0;
  int answered = 0;
  for (int ms = 1; ms <= 10'001; ++ms) {   // a thousand a second
    const Welcome welcome = sources.admit(v4(1, 1, 1, 1), at(ms)).welcome;
    admitted += welcome == Welcome::admitted ? 1 : 0;
    answered += welcome == Welcome::too_fast ? 1 : 0;
  }
  EXPECT_EQ(admitted, 20);
  EXPECT_EQ(answered, 20);
}

TEST(SourceLimits, SaysWhenASourceMayComeAgain) {
  const SessionLimits limits = limits_of(1'000, 1'000, 1);
  SourceLimits sources{limits};
  for (int i = 0; i < 10; ++i) sources.admit(v4(1, 1, 1, 1), at(0));
  const auto refused = sources.admit(v4(1, 1, 1, 1), at(0));
  EXPECT_EQ(refused.welcome, Welcome::too_fast);
  EXPECT_EQ(refused.retry_after, seconds{1});
  EXPECT_EQ(sources.admit(v4(1, 1, 1, 1), at(1'000)).welcome, Welcome::admitted);
}

TEST(SourceLimits, APlaceIsGivenBackOnce) {
  const SessionLimits limits = limits_of(10, 10, 50);
  SourceLimits sources{limits};
  {
    auto answer = sources.admit(v4(1, 1, 1, 1), at(0));
    SourcePlace moved = std::move(answer.place);
    EXPECT_FALSE(answer.place);
    EXPECT_TRUE(moved);
    SourcePlace second = sources.admit(v4(1, 1, 1, 1), at(0)).place;
    EXPECT_EQ(sources.connections(), 2U);
    moved = std::move(second);
    EXPECT_EQ(sources.connections(), 1U) << "what it held before is given back";
    moved.release();
    moved.release();
    EXPECT_EQ(sources.connections(), 0U);
  }
  EXPECT_EQ(sources.connections(), 0U);
}

TEST(SourceLimits, ForgetsASourceOnceItsConnectionsAndItsRateAreOver) {
  const SessionLimits limits = limits_of(1'000, 1'000, 5);
  SourceLimits sources{limits};
  auto held = sources.admit(v4(1, 1, 1, 1), at(20'000));
  sources.admit(v4(2, 2, 2, 2), at(20'000));
  EXPECT_EQ(sources.prefixes(), 2U);
  sources.admit(v4(3, 3, 3, 3), at(40'000));
  EXPECT_EQ(sources.prefixes(), 2U) << "2.2.2.2 went, 1.1.1.1 is connected";
  held.place.release();
  sources.admit(v4(3, 3, 3, 3), at(60'000));
  EXPECT_EQ(sources.prefixes(), 1U);
}

TEST(SourceLimits, DoesNotForgetASourceThatIsOverItsRate) {
  const SessionLimits limits = limits_of(1'000, 1'000, 1);
  SourceLimits sources{limits};
  for (int i = 0; i < 30; ++i) sources.admit(v4(1, 1, 1, 1), at(100'000));
  sources.admit(v4(2, 2, 2, 2), at(105'000));
  int admitted = 0;
  for (int i = 0; i < 30; ++i) admitted += sources.admit(v4(1, 1, 1, 1), at(105'000)).welcome == Welcome::admitted ? 1 : 0;
  EXPECT_EQ(admitted, 5);
}

TEST(SourceLimits, NewcomersShareOneEntryOnceTheTableIsFull) {
  const SessionLimits limits = limits_of(1'000'000, 1'000, 1);
  SourceLimits sources{limits, 4};
  std::vector<SourcePlace> places;
  std::map<Welcome, int> seen;
  for (std::uint8_t i = 0; i < 60; ++i) {
    auto answer = sources.admit(v4(10, 0, 0, i), at(0));
    ++seen[answer.welcome];
    places.push_back(std::move(answer.place));
  }
  EXPECT_EQ(sources.prefixes(), 4U);
  EXPECT_EQ(seen[Welcome::admitted], 4 + 10) << "four of their own, ten from the burst of the shared one";
  EXPECT_EQ(seen[Welcome::too_fast], 10);
  EXPECT_EQ(seen[Welcome::flood], 60 - 24);
  places.clear();
  EXPECT_EQ(sources.connections(), 0U);
  EXPECT_EQ(sources.admit(v4(10, 0, 0, 99), at(30'000)).welcome, Welcome::admitted);
  EXPECT_EQ(sources.prefixes(), 1U) << "the table has room again";
}

TEST(SourceLimits, ThreadsMayShareIt) {
  const SessionLimits limits = limits_of(1'000'000, 1'000'000, 1'000'000);
  SourceLimits sources{limits, 64};
  std::vector<std::thread> threads;
  for (std::uint8_t number = 0; number < 4; ++number) {
    threads.emplace_back([&sources, number] {
      for (int i = 0; i < 2'000; ++i) {
        const auto answer = sources.admit(v4(10, 0, number, static_cast<std::uint8_t>(i)), at(i));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sources.connections(), 0U);
  EXPECT_LE(sources.prefixes(), 64U);
}

}  // namespace
}  // namespace lethe::net
