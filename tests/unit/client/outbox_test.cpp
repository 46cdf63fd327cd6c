#include <gtest/gtest.h>

#include "client/outbox.hpp"
#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;

namespace {
constexpr Retry patient{true, milliseconds(10'000)};

class OutboxTest : public testing::Test {
 protected:
  Send make(std::uint8_t number, bool receipt = false, std::vector<Recipient> to = {{alice().address(), std::nullopt}}) {
    Send send;
    send.id = fixed<MessageId>(number);
    send.to = std::move(to);
    send.payload = counting(100);
    send.receipt = receipt;
    return send;
  }
  static std::vector<Recipient> both() { return {{alice().address(), std::nullopt}, {bob().address(), std::nullopt}}; }
  // The number of the send that goes out next; 0 for none.
  int next() {
    const auto* const send = outbox_.next(now_);
    return send != nullptr ? send->id.bytes[0] : 0;
  }
  Outbox::Outcome answer(std::uint8_t number, std::vector<Refusal> refused = {}) {
    Sent sent;
    sent.id = fixed<MessageId>(number);
    sent.ttl = seconds(60);
    sent.refused = std::move(refused);
    return outbox_.sent(sent, now_, 0);
  }
  void deliver(std::uint8_t number, const Address& device) {
    outbox_.receipt({1, fixed<MessageId>(number), device, ReceiptStatus::delivered});
  }
  static Refusal refusal(RefusalCode code, std::optional<seconds> retry_after = {}, Address device = alice().address()) {
    return {device, code, retry_after};
  }

  Monotonic now_{milliseconds(1'000'000)};
  Outbox outbox_{2, BackoffOptions{milliseconds(100), milliseconds(1'000)}};
};
}  // namespace

TEST_F(OutboxTest, SendsInOrderAndABoundedNumberAtATime) {
  for (const auto number : Numbers{1, 2, 3}) ASSERT_TRUE(outbox_.add(make(number), {}));
  EXPECT_EQ(next(), 1);
  EXPECT_EQ(next(), 2);
  EXPECT_EQ(next(), 0);
  const auto outcome = answer(1);
  ASSERT_TRUE(outcome.result);
  EXPECT_EQ(outcome.result->accepted, 1u);
  EXPECT_EQ(outcome.result->ttl, seconds(60));
  EXPECT_EQ(next(), 3);
}

TEST_F(OutboxTest, TakesAnIdOnlyOnce) {
  EXPECT_TRUE(outbox_.add(make(1), {}));
  EXPECT_FALSE(outbox_.add(make(1), {}));
  EXPECT_EQ(outbox_.size(), 1u);
}

TEST_F(OutboxTest, ForgetsASendWithItsVerdict) {
  outbox_.add(make(1), {});
  EXPECT_EQ(outbox_.bytes(), 100u);
  next();
  answer(1);
  EXPECT_EQ(outbox_.size(), 0u);
  EXPECT_EQ(outbox_.bytes(), 0u);
  EXPECT_FALSE(answer(1).result);
}

TEST_F(OutboxTest, SendsWhatWasInFlightAgainAfterADisconnect) {
  for (const auto number : Numbers{1, 2, 3}) outbox_.add(make(number), {});
  next();
  next();
  answer(2);
  outbox_.disconnected();
  EXPECT_EQ(next(), 1);
  EXPECT_EQ(next(), 3);
}

TEST_F(OutboxTest, ReportsARefusalWithItsReason) {
  outbox_.add(make(1, false, both()), {});
  next();
  const auto outcome = answer(1, {refusal(RefusalCode::mailbox_full, seconds(5))});
  ASSERT_TRUE(outcome.result);
  EXPECT_EQ(outcome.result->accepted, 1u);
  ASSERT_EQ(outcome.result->refused.size(), 1u);
  EXPECT_EQ(outcome.result->refused[0].code, RefusalCode::mailbox_full);
}

TEST_F(OutboxTest, RetriesAPassingRefusalAfterTheTimeThatTheRelayNamed) {
  outbox_.add(make(1, false, both()), patient);
  next();
  EXPECT_FALSE(answer(1, {refusal(RefusalCode::rate_limited, seconds(3))}).result);
  EXPECT_EQ(next(), 0);
  EXPECT_EQ(outbox_.next_due(), now_ + seconds(3));
  now_ += seconds(3);
  const auto* const again = outbox_.next(now_);
  ASSERT_NE(again, nullptr);
  ASSERT_EQ(again->to.size(), 1u) << "only who refused is asked again";
  EXPECT_EQ(again->to[0].device, alice().address());
  const auto outcome = answer(1);
  ASSERT_TRUE(outcome.result);
  EXPECT_EQ(outcome.result->accepted, 2u);
}

TEST_F(OutboxTest, BacksOffWhereTheRelayNamedNoTime) {
  outbox_.add(make(1), patient);
  for (const int wait : {50, 100, 200}) {
    ASSERT_EQ(next(), 1);
    answer(1, {refusal(RefusalCode::relay_full)});
    EXPECT_EQ(outbox_.next_due(), now_ + milliseconds(wait));
    now_ = *outbox_.next_due();
  }
}

TEST_F(OutboxTest, EndsItsRetriesWithItsPatience) {
  outbox_.add(make(1), patient);
  next();
  answer(1, {refusal(RefusalCode::relay_full)});
  now_ += seconds(11);
  next();
  const auto outcome = answer(1, {refusal(RefusalCode::relay_full)});
  ASSERT_TRUE(outcome.result);
  EXPECT_EQ(outcome.result->accepted, 0u);
  EXPECT_EQ(outbox_.size(), 0u);
}

TEST_F(OutboxTest, NeverRetriesARefusalThatWillNotPass) {
  outbox_.add(make(1), patient);
  next();
  ASSERT_TRUE(answer(1, {refusal(RefusalCode::not_invited)}).result);
}

TEST_F(OutboxTest, FailsASendThatAnErrorNames) {
  outbox_.add(make(1), patient);
  next();
  ErrorReply error;
  error.code = "too_large";
  const auto outcome = outbox_.failed(fixed<MessageId>(1), error, now_, 0);
  ASSERT_TRUE(outcome.result);
  EXPECT_EQ(outcome.result->error, "too_large");
  EXPECT_EQ(outbox_.size(), 0u);
}

TEST_F(OutboxTest, RetriesTheErrorRateLimited) {
  outbox_.add(make(1), patient);
  next();
  ErrorReply error;
  error.code = "rate_limited";
  error.retry_after = seconds(2);
  EXPECT_FALSE(outbox_.failed(fixed<MessageId>(1), error, now_, 0).result);
  EXPECT_EQ(outbox_.next_due(), now_ + seconds(2));
}

TEST_F(OutboxTest, KeepsASendUntilEachRecipientsReceipt) {
  outbox_.add(make(1, true, both()), {});
  next();
  ASSERT_TRUE(answer(1).result);
  deliver(1, alice().address());
  EXPECT_EQ(outbox_.size(), 1u);
  deliver(1, bob().address());
  EXPECT_EQ(outbox_.size(), 0u);
}

TEST_F(OutboxTest, SendsAgainWhatHasNoReceiptWhenTheRelayForgot) {
  outbox_.add(make(1, true, both()), {});
  outbox_.add(make(2, false), {});
  next();
  next();
  answer(1);
  answer(2);
  deliver(1, alice().address());
  outbox_.disconnected();
  EXPECT_EQ(next(), 0) << "a reconnect alone is no reason";
  outbox_.forgotten();
  const auto* const again = outbox_.next(now_);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->id, fixed<MessageId>(1));
  ASSERT_EQ(again->to.size(), 1u);
  EXPECT_EQ(again->to[0].device, bob().address());
  EXPECT_FALSE(answer(1).result) << "the verdict is given once";
  deliver(1, bob().address());
  EXPECT_EQ(outbox_.size(), 0u);
}

TEST_F(OutboxTest, DoesNotSendAgainWhatWasRecalledInTime) {
  outbox_.add(make(1, true, both()), {});
  next();
  answer(1);
  outbox_.recalled({fixed<MessageId>(1), alice().address(), RecallStatus::wiped});
  outbox_.recalled({fixed<MessageId>(1), bob().address(), RecallStatus::in_flight});
  outbox_.forgotten();
  const auto* const again = outbox_.next(now_);
  ASSERT_NE(again, nullptr);
  ASSERT_EQ(again->to.size(), 1u);
  EXPECT_EQ(again->to[0].device, bob().address()) << "a recall that came too late waits for its receipt";
}

TEST_F(OutboxTest, NamesWhoLostAMessageThatIsRefusedTheSecondTime) {
  outbox_.add(make(1, true), {});
  next();
  answer(1);
  outbox_.forgotten();
  next();
  const auto outcome = answer(1, {refusal(RefusalCode::invite_expired)});
  EXPECT_FALSE(outcome.result);
  EXPECT_EQ(outcome.lost, std::vector{alice().address()});
  EXPECT_EQ(outbox_.size(), 0u);
}

TEST_F(OutboxTest, TakesAReceiptThatOvertakesTheVerdict) {
  outbox_.add(make(1, true), {});
  next();
  deliver(1, alice().address());
  const auto outcome = answer(1);
  ASSERT_TRUE(outcome.result);
  EXPECT_EQ(outcome.result->accepted, 1u);
  EXPECT_EQ(outbox_.size(), 0u);
}

TEST_F(OutboxTest, AsksAgainForAVerdictThatWasLostBehindItsReceipt) {
  outbox_.add(make(1, true), {});
  next();
  deliver(1, alice().address());
  outbox_.disconnected();
  const auto* const again = outbox_.next(now_);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->to.size(), 1u);
  EXPECT_TRUE(answer(1).result);
}

TEST_F(OutboxTest, FreesThePlaceOfASendThatItsReceiptSettlesInFlight) {
  for (const auto number : Numbers{1, 2, 3}) outbox_.add(make(number, number == 1), {});
  next();
  answer(1);
  outbox_.forgotten();
  EXPECT_EQ(next(), 1);
  deliver(1, alice().address());
  EXPECT_EQ(next(), 2);
  EXPECT_EQ(next(), 3);
}

TEST_F(OutboxTest, AbandonsWhatHasNoVerdict) {
  for (const auto number : Numbers{1, 2}) outbox_.add(make(number, true), {});
  next();
  answer(1);
  const auto results = outbox_.abandon("stopped");
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].id, fixed<MessageId>(2));
  EXPECT_EQ(results[0].error, "stopped");
  EXPECT_EQ(outbox_.bytes(), 0u);
}

}  // namespace lethe::client
