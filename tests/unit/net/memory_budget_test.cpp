#include "net/memory_budget.hpp"

#include <gtest/gtest.h>

namespace lethe::net {
namespace {

constexpr ByteCount kGiB = 1'073'741'824;

TEST(MemoryBudget, AllowsForEveryLimit) {
  const Limits defaults;
  const ByteCount before = memory_to_come(defaults, kGiB, 2);
  EXPECT_GT(memory_to_come(defaults, kGiB, 3), before + 64 * 1'048'576);
  EXPECT_GT(memory_to_come(defaults, 2 * kGiB, 2), before);
  const auto with = [&](auto change) {
    Limits limits = defaults;
    change(limits);
    return memory_to_come(limits, kGiB, 2);
  };
  EXPECT_EQ(with([](Limits& l) { l.session.total += 1'000; }), before + 32'768'000);
  EXPECT_EQ(with([](Limits& l) { l.session.transit += 1'000; }), before + 1'000);
  EXPECT_GT(with([](Limits& l) { l.relay.mailboxes *= 2; }), before);
  EXPECT_GT(with([](Limits& l) { l.relay.dedupe_entries *= 2; }), before);
  EXPECT_GT(with([](Limits& l) { l.relay.invites *= 2; }), before);
}

}  // namespace
}  // namespace lethe::net
