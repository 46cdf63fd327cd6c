#include "mailbox/expiry_wheel.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace lethe::mailbox {
namespace {

using namespace std::chrono_literals;

struct Wheel {
  EnvelopePool pool;
  ExpiryWheel wheel{pool};
  std::vector<std::uint32_t> fired;

  ~Wheel() {
    for (const std::uint32_t entry : fired) pool.destroy(entry);
  }
  std::uint32_t add(std::int64_t deadline, std::int64_t now) {
    const std::uint32_t entry = pool.create();
    pool[entry].deadline = deadline;
    wheel.add(entry, Monotonic{milliseconds{now}});
    return entry;
  }
  bool advance(std::int64_t now, std::uint32_t budget = 1'000'000) {
    return wheel.advance(Monotonic{milliseconds{now}}, budget, [&](std::uint32_t entry) {
      wheel.remove(entry);
      fired.push_back(entry);
    });
  }
};

TEST(ExpiryWheel, FiresInTheFirstTickAtOrAfterTheDeadline) {
  Wheel wheel;
  wheel.add(1'024, 0);
  wheel.add(1'025, 0);
  wheel.advance(1'023);
  EXPECT_EQ(wheel.fired.size(), 0U);
  wheel.advance(1'024);
  EXPECT_EQ(wheel.fired.size(), 1U);
  wheel.advance(1'279);
  EXPECT_EQ(wheel.fired.size(), 1U);
  wheel.advance(1'280);
  EXPECT_EQ(wheel.fired.size(), 2U);
}

TEST(ExpiryWheel, FiresWhatIsInThePastAtTheNextAdvance) {
  Wheel wheel;
  wheel.add(900'000, 1'000'000);
  wheel.advance(1'000'000);
  EXPECT_EQ(wheel.fired.size(), 1U);
}

TEST(ExpiryWheel, ForgetsWhatWasRemoved) {
  Wheel wheel;
  const std::uint32_t kept = wheel.add(5'000, 0);
  const std::uint32_t removed = wheel.add(5'000, 0);
  const std::uint32_t also_kept = wheel.add(5'000, 0);
  wheel.wheel.remove(removed);
  wheel.pool.destroy(removed);
  EXPECT_EQ(wheel.wheel.size(), 2U);
  wheel.advance(6'000);
  EXPECT_EQ(wheel.fired.size(), 2U);
  EXPECT_TRUE(wheel.fired[0] == kept || wheel.fired[0] == also_kept);
}

TEST(ExpiryWheel, HoldsDeadlinesBeyondItsSpan) {
  Wheel wheel;
  const std::int64_t day = 86'400'000;
  wheel.add(120 * day, 0);
  for (std::int64_t at = 0; at < 120 * day; at += day) ASSERT_TRUE(wheel.advance(at));
  EXPECT_EQ(wheel.fired.size(), 0U);
  wheel.advance(120 * day + 256);
  EXPECT_EQ(wheel.fired.size(), 1U);
}

TEST(ExpiryWheel, StopsAtItsBudgetAndGoesOn) {
  Wheel wheel;
  for (int n = 0; n < 1'000; ++n) wheel.add(60'000, 0);
  int calls = 1;
  while (!wheel.advance(61'000, 100)) {
    EXPECT_LE(wheel.fired.size(), static_cast<std::size_t>(calls) * 100);
    ++calls;
    ASSERT_LT(calls, 50);
  }
  EXPECT_EQ(wheel.fired.size(), 1'000U);
  EXPECT_GE(calls, 10);
}

TEST(ExpiryWheel, AgreesWithASortedList) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    std::mt19937_64 random{seed};
    Wheel wheel;
    std::map<std::uint32_t, std::int64_t> waiting;
    std::int64_t now = static_cast<std::int64_t>(random() % 100'000'000);
    for (int step = 0; step < 3'000; ++step) {
      const std::int64_t spans[] = {300, 20'000, 2'000'000, 90'000'000, 1'300'000'000};
      for (std::uint64_t n = random() % 4; n != 0; --n) {
        const std::int64_t deadline = now + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(spans[random() % 5]));
        waiting.emplace(wheel.add(deadline, now), deadline);
      }
      if (random() % 4 == 0 && !waiting.empty()) {
        const auto gone = std::next(waiting.begin(), static_cast<std::ptrdiff_t>(random() % waiting.size()));
        wheel.wheel.remove(gone->first);
        wheel.pool.destroy(gone->first);
        waiting.erase(gone);
      }
      now += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(spans[random() % (step % 100 == 0 ? 4 : 2)]));
      // Sometimes with little budget, so that more comes while it stands in the middle of a tick.
      const bool whole = wheel.advance(now, random() % 3 == 0 ? static_cast<std::uint32_t>(random() % 5) : 1'000'000);
      for (const std::uint32_t entry : wheel.fired) {
        ASSERT_LE(waiting.at(entry), now) << "seed " << seed;
        waiting.erase(entry);
        wheel.pool.destroy(entry);
      }
      wheel.fired.clear();
      if (!whole) continue;
      for (const auto& [entry, deadline] : waiting) ASSERT_GT(deadline, now - now % 256) << "seed " << seed;
    }
    for (const auto& [entry, deadline] : waiting) {
      wheel.wheel.remove(entry);
      wheel.pool.destroy(entry);
    }
  }
}

}  // namespace
}  // namespace lethe::mailbox
