#include <gtest/gtest.h>

#include <lethe/wire/messages.hpp>

namespace lethe::wire {
namespace {

TEST(Names, AreThoseOfTheProtocol) {
  EXPECT_EQ(name(ErrorCode::malformed), "malformed");
  EXPECT_EQ(name(ErrorCode::unsupported), "unsupported");
  EXPECT_EQ(name(ErrorCode::unauthenticated), "unauthenticated");
  EXPECT_EQ(name(ErrorCode::forbidden), "forbidden");
  EXPECT_EQ(name(ErrorCode::too_large), "too_large");
  EXPECT_EQ(name(ErrorCode::too_many_recipients), "too_many_recipients");
  EXPECT_EQ(name(ErrorCode::rate_limited), "rate_limited");
  EXPECT_EQ(name(mailbox::Refusal::not_invited), "not_invited");
  EXPECT_EQ(name(mailbox::Refusal::invite_expired), "invite_expired");
  EXPECT_EQ(name(mailbox::Refusal::mailbox_full), "mailbox_full");
  EXPECT_EQ(name(mailbox::Refusal::relay_full), "relay_full");
  EXPECT_EQ(name(mailbox::Refusal::offline), "offline");
  EXPECT_EQ(name(mailbox::Refusal::rate_limited), "rate_limited");
  EXPECT_EQ(name(mailbox::Refusal::duplicate_recipient), "duplicate_recipient");
  EXPECT_EQ(name(mailbox::Fate::delivered), "delivered");
  EXPECT_EQ(name(mailbox::Fate::expired), "expired");
  EXPECT_EQ(name(mailbox::Fate::displaced), "displaced");
  EXPECT_EQ(name(mailbox::Fate::evicted), "evicted");
  EXPECT_EQ(name(mailbox::RecallStatus::wiped), "wiped");
  EXPECT_EQ(name(mailbox::RecallStatus::in_flight), "in_flight");
  EXPECT_EQ(name(mailbox::RecallStatus::unknown), "unknown");
  EXPECT_EQ(name(mailbox::Urgency::very_low), "very-low");
  EXPECT_EQ(name(mailbox::Urgency::low), "low");
  EXPECT_EQ(name(mailbox::Urgency::normal), "normal");
  EXPECT_EQ(name(mailbox::Urgency::high), "high");
}

TEST(Names, OfAClosingGoWithItsCloseCode) {
  const struct {
    CloseReason reason;
    const char* name;
    int code;
  } rows[] = {
      {CloseReason::draining, "draining", 1001},          {CloseReason::replaced, "replaced", 4002},
      {CloseReason::idle, "idle", 4003},                  {CloseReason::slow, "slow", 4004},
      {CloseReason::protocol, "protocol", 1002},          {CloseReason::unauthenticated, "unauthenticated", 4001},
      {CloseReason::rate_limited, "rate_limited", 4005},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(name(row.reason), row.name);
    EXPECT_EQ(close_code(row.reason), row.code) << row.name;
  }
}

}  // namespace
}  // namespace lethe::wire
