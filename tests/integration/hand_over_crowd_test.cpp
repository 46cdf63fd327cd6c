// Ten upgrades in a row under way, two of which die: every message arrives once, in order, and nobody is refused.
#include <gtest/gtest.h>

#include "base/hand_over.hpp"
#include "integration/crowd.hpp"
#include "support/hand_over_tap.hpp"
#include "support/served_files.hpp"

namespace lethe::test {
namespace {

constexpr int hand_overs = 10;

// Where the new process dies: in the middle of what is sent to it, and once it has said that it has all of it.
std::optional<Cut> cut_of(int hand_over) {
  if (hand_over == 3) return Cut{.after_relay_bytes = 4'000'000};
  if (hand_over == 7) return Cut{.at_step = static_cast<char>(HandOverStep::complete)};
  return std::nullopt;
}

class HandOverOfACrowd : public testing::Test {
 protected:
  Settings settings(const std::string& hand_over, int number) const {
    return files.settings({{"hand_over", hand_over}, {"threads", number % 2 == 0 ? "2" : "3"},
                           {"drain.retry_after.min", "0"}, {"drain.retry_after.max", "1"},
                           {"limits.session.handshakes_per_second", "100000"}, {"limits.session.per_source", "100000"},
                           {"limits.session.verifications_per_second", "1000000"}, {"limits.session.sends_per_second", "1000000"}});
  }

  const ServedFiles files;
  const std::string name = hand_over_name();
};

TEST_F(HandOverOfACrowd, EveryMessageArrivesOnceInOrder) {
  const Crowd::Size size;
  auto relay = std::make_unique<RelayProcess>(settings(name, 0));
  Crowd crowd{relay->port(), files.chain(), size};
  ASSERT_TRUE(crowd.fill_mailboxes());
  EXPECT_EQ(relay->metric("lethe_queued_messages"), size.mailboxes * (size.to_all + size.to_each));
  ASSERT_TRUE(crowd.begin_traffic());
  for (int number = 0; number < hand_overs; ++number) {
    ASSERT_TRUE(crowd.await_online(crowd.live_sessions() * 3 / 4)) << number;
    if (const auto cut = cut_of(number)) {
      HandOverTap tap{name, *cut};
      EXPECT_THROW(RelayProcess(settings(tap.name(), number)), std::runtime_error);
      EXPECT_TRUE(tap.join()) << "it died elsewhere";
      EXPECT_TRUE(relay->running());
      continue;
    }
    auto successor = std::make_unique<RelayProcess>(settings(name, number));
    const Ended ended = relay->wait();
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
    EXPECT_NE(ended.out.find(" handed_over "), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find(" arena_audited bytes=67108864 count=0"), std::string::npos) << ended.out;
    relay = std::move(successor);
  }
  ASSERT_TRUE(crowd.end_traffic());
  EXPECT_TRUE(crowd.collect_everything());
  EXPECT_EQ(crowd.seen().received, crowd.seen().accepted);
  EXPECT_EQ(crowd.seen().wrong, 0U);
  EXPECT_EQ(crowd.seen().not_accepted, 0U);
  EXPECT_EQ(crowd.seen().not_continuous, 0U);
  EXPECT_EQ(crowd.seen().refused, 0U);
  EXPECT_EQ(crowd.seen().broken_off, 0U);
  EXPECT_GE(crowd.seen().sent_away, hand_overs * crowd.live_sessions() / 2);
  EXPECT_EQ(relay->metric("lethe_upgrades_refused_total"), 0) << "over all of them: the counters are handed over";
  EXPECT_TRUE(relay->reaches("lethe_queued_messages", 0));
  EXPECT_EQ(relay->metric("lethe_messages_accepted_total"), crowd.seen().accepted);
  EXPECT_EQ(relay->metric("lethe_arena_dirty_blocks_total"), 0);
  RecordProperty("messages", static_cast<int>(crowd.seen().received));
}

}  // namespace
}  // namespace lethe::test
