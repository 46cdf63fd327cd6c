#include "audit/workload/ledger.hpp"

#include <gtest/gtest.h>

namespace lethe::audit {
namespace {

using std::chrono::milliseconds;

MessageId id(std::uint8_t number) {
  MessageId made;
  made.bytes[0] = number;
  return made;
}

Address address(std::uint8_t number) {
  Address made;
  made.bytes[0] = number;
  return made;
}

Ledger::Instant at(int ms) { return Ledger::Instant{} + milliseconds{ms}; }

TEST(Ledger, CountsWhatIsDueAndWhatCameAsItWasSent) {
  Ledger ledger;
  ledger.sent(id(1), address(1), "one");
  ledger.sent(id(2), address(1), "two");
  ledger.accepted(id(1), address(1), at(0));
  EXPECT_EQ(ledger.messages(), 2U);
  EXPECT_EQ(ledger.due(), 1U);
  EXPECT_TRUE(ledger.delivered(id(1), address(1), "one", at(1)));
  EXPECT_EQ(ledger.received(), 1U);
}

TEST(Ledger, KnowsOtherBytesAnotherIdAndAnotherRecipient) {
  Ledger ledger;
  ledger.sent(id(1), address(1), "one");
  ledger.accepted(id(1), address(1), at(0));
  EXPECT_FALSE(ledger.delivered(id(1), address(1), "onf", at(1)));
  EXPECT_FALSE(ledger.delivered(id(2), address(1), "one", at(1)));
  EXPECT_FALSE(ledger.delivered(id(1), address(2), "one", at(1)));
  EXPECT_EQ(ledger.received(), 0U);
}

TEST(Ledger, CountsARedeliveryOnce) {
  Ledger ledger;
  ledger.sent(id(1), address(1), "one");
  ledger.accepted(id(1), address(1), at(0));
  EXPECT_TRUE(ledger.delivered(id(1), address(1), "one", at(1)));
  EXPECT_TRUE(ledger.delivered(id(1), address(1), "one", at(2)));
  EXPECT_EQ(ledger.due(), 1U);
  EXPECT_EQ(ledger.received(), 1U);
}

TEST(Ledger, TakesADeliveryBeforeTheAnswerToItsSend) {
  Ledger ledger;
  ledger.sent(id(1), address(1), "one");
  EXPECT_TRUE(ledger.delivered(id(1), address(1), "one", at(1)));
  ledger.accepted(id(1), address(1), at(2));
  EXPECT_EQ(ledger.due(), 1U);
  EXPECT_EQ(ledger.received(), 1U);
}

TEST(Ledger, DoesNotExpectWhatWasWithdrawn) {
  Ledger ledger;
  for (const std::uint8_t number : std::initializer_list<std::uint8_t>{1, 2, 3}) ledger.sent(id(number), address(1), "x");
  ledger.accepted(id(1), address(1), at(0));
  ledger.accepted(id(2), address(1), at(0));
  EXPECT_TRUE(ledger.delivered(id(2), address(1), "x", at(1)));
  for (const std::uint8_t number : std::initializer_list<std::uint8_t>{1, 2, 3}) ledger.withdrawn(id(number), address(1));
  EXPECT_EQ(ledger.due(), 0U);
  EXPECT_EQ(ledger.received(), 0U);
}

TEST(Ledger, MeasuresTheLongestTimeInEachState) {
  Ledger ledger;
  for (const std::uint8_t number : std::initializer_list<std::uint8_t>{1, 2}) {
    ledger.sent(id(number), address(1), "x");
    ledger.accepted(id(number), address(1), at(0));
  }
  EXPECT_TRUE(ledger.delivered(id(1), address(1), "x", at(5)));
  EXPECT_TRUE(ledger.delivered(id(2), address(1), "x", at(7)));
  ledger.acknowledged(id(1), address(1), at(10));
  ledger.acknowledged(id(2), address(1), at(8));
  ledger.overwritten(address(2), at(90));
  ledger.overwritten(address(1), at(12));
  const std::vector<Lifetime> seen = ledger.lifetimes();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].longest, milliseconds{7});
  EXPECT_EQ(seen[1].longest, milliseconds{5});
  EXPECT_EQ(seen[2].longest, milliseconds{4});
  for (const Lifetime& lifetime : seen) EXPECT_EQ(lifetime.samples, 2U);
}

TEST(Ledger, LeavesOutStatesWithoutASample) { EXPECT_TRUE(Ledger{}.lifetimes().empty()); }

}  // namespace
}  // namespace lethe::audit
