#include "session/ack_ledger.hpp"

#include <gtest/gtest.h>

namespace lethe::session {
namespace {

TEST(AckLedger, APingWithNothingBeforeItIsAnsweredAtOnce) {
  AckLedger ledger;
  EXPECT_TRUE(ledger.ping());
  ledger.asked();
  EXPECT_EQ(ledger.carried_out(0), 0U);
  EXPECT_TRUE(ledger.ping());
}

TEST(AckLedger, PingsWaitForTheAcksBeforeThemAndNoOthers) {
  AckLedger ledger;
  ledger.asked();
  EXPECT_FALSE(ledger.ping());
  ledger.asked();
  ledger.asked();
  EXPECT_FALSE(ledger.ping());
  EXPECT_FALSE(ledger.ping());
  ledger.asked();
  EXPECT_EQ(ledger.pings_waiting(), 3U);
  EXPECT_EQ(ledger.carried_out(1), 1U);
  EXPECT_EQ(ledger.carried_out(1), 0U);
  EXPECT_EQ(ledger.carried_out(1), 2U);
  EXPECT_EQ(ledger.pings_waiting(), 0U);
  EXPECT_EQ(ledger.carried_out(1), 0U);
  EXPECT_EQ(ledger.under_way(), 0U);
}

TEST(AckLedger, CountsWhatIsInFlight) {
  AckLedger ledger;
  for (int i = 0; i < 5; ++i) ledger.delivered();
  ledger.asked();
  ledger.carried_out(3);
  EXPECT_EQ(ledger.in_flight(), 2U);
  ledger.asked();
  ledger.carried_out(9);
  EXPECT_EQ(ledger.in_flight(), 0U);
}

TEST(AckLedger, AnAnswerThatNobodyAskedForChangesNothing) {
  AckLedger ledger;
  EXPECT_EQ(ledger.carried_out(0), 0U);
  EXPECT_EQ(ledger.under_way(), 0U);
  ledger.asked();
  EXPECT_FALSE(ledger.ping());
}

}  // namespace
}  // namespace lethe::session
