// A message's way from its sender to its recipient's acknowledgement, and what both hear on it.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

class Delivery : public testing::TestWithParam<Encoding> {
 protected:
  // A device that has come in and has no backlog.
  WirePeer enter(const TestKey& key, const Json& mailbox = Json::object()) {
    WirePeer peer{relay, GetParam()};
    peer.enter(key, {.mailbox = mailbox});
    return peer;
  }
  // A device with a backlog: it has heard `ready`.
  WirePeer enter_with_backlog(const TestKey& key, std::int64_t queued, const Json& mailbox = Json::object()) {
    WirePeer peer{relay, GetParam()};
    EXPECT_EQ(peer.authenticate(key, {.mailbox = mailbox}).number("queued"), queued);
    return peer;
  }
  void expect_nothing_held() {
    EXPECT_EQ(relay.metric("lethe_queued_messages"), 0);
    EXPECT_EQ(relay.metric("lethe_queued_bytes"), 0);
    EXPECT_TRUE(relay.reaches("lethe_arena_used_bytes", 0));
  }

  RelayProcess relay;
  TestKey alice{1};
  TestKey bob{2};
};
INSTANTIATE_TEST_SUITE_P(Encodings, Delivery, testing::Values(Encoding::json, Encoding::binary),
                         [](const auto& encoding) { return std::string{name_of(encoding.param)}; });

TEST_P(Delivery, AMessageArrivesAsItWasSentAndIsGoneAfterItsAck) {
  WirePeer sender = enter(alice);
  WirePeer recipient = enter(bob);
  std::string payload(65'536, '\0');
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(i * 31 + i / 256);
  Mail mail = mail_to(invited(bob), payload);
  mail.ttl = 3'600;
  const Heard sent = sender.post(mail);
  EXPECT_EQ(sent.number("accepted"), 1);
  EXPECT_EQ(sent.number("ttl"), 3'600);
  EXPECT_TRUE(sent.fields.at("refused").empty());

  const Heard delivered = recipient.expect("deliver");
  EXPECT_TRUE(delivered.is(mail.id));
  EXPECT_TRUE(delivered.payload == payload);
  EXPECT_FALSE(delivered.truth("redelivered"));
  EXPECT_EQ(delivered.number("expires") - delivered.number("received"), 3'600'000);
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 1);
  EXPECT_EQ(relay.metric("lethe_queued_bytes"), 65'536);
  recipient.ack(delivered.seq());
  recipient.settle();
  expect_nothing_held();
  EXPECT_EQ(relay.metric("lethe_messages_acknowledged_total"), 1);
}

// A busy thread lets senders wait a turn, so that they hear of several messages at once; but only so long.
TEST_P(Delivery, ASenderHearsOfItsMessagesThoughOthersKeepTheRelayBusy) {
  std::atomic<bool> over{false};
  std::vector<std::jthread> others;
  for (std::uint8_t seed = 10; seed < 14; ++seed) {
    others.emplace_back([&, seed] {
      const TestKey key{seed};
      WirePeer peer = enter(key);
      while (!over) {
        peer.send(mail_to({key.address(), {}}, "noise"));
        peer.ack(peer.skip_to("deliver").seq());
      }
    });
  }
  WirePeer sender = enter(alice);
  for (int n = 0; n < 200; ++n) EXPECT_EQ(sender.post(mail_to(invited(bob), "for later")).number("accepted"), 1);
  over = true;
}

TEST_P(Delivery, AnEmptyPayloadIsAMessageToo) {
  WirePeer sender = enter(alice);
  EXPECT_EQ(sender.post(mail_to({alice.address(), {}}, "")).number("accepted"), 1);
  const Heard delivered = sender.expect("deliver");
  EXPECT_EQ(delivered.payload, "");
  sender.ack(delivered.seq());
  sender.settle();
  expect_nothing_held();
}

TEST_P(Delivery, ADeviceThatWasAwayGetsItsMessagesInOrder) {
  WirePeer sender = enter(alice);
  for (int i = 0; i < 20; ++i) sender.post(mail_to(invited(bob), "message " + std::to_string(i)));
  WirePeer recipient = enter_with_backlog(bob, 20);
  std::uint64_t last = 0;
  for (int i = 0; i < 20; ++i) {
    const Heard delivered = recipient.expect("deliver");
    EXPECT_EQ(delivered.payload, "message " + std::to_string(i));
    EXPECT_FALSE(delivered.truth("redelivered"));
    EXPECT_GT(delivered.seq(), last);
    last = delivered.seq();
  }
  recipient.expect("caught_up");
  recipient.ack(last);
  recipient.settle();
  expect_nothing_held();
}

TEST_P(Delivery, WhatAKilledConnectionLeftUnacknowledgedComesAgainFirst) {
  WirePeer sender = enter(alice);
  {
    WirePeer recipient = enter(bob);
    for (const char* const payload : {"one", "two", "three"}) sender.post(mail_to(invited(bob), payload));
    const Heard one = recipient.expect("deliver");
    const Heard two = recipient.expect("deliver");
    recipient.expect("deliver");
    recipient.ack(0, {two.seq()});
    recipient.settle();
    EXPECT_EQ(one.payload, "one");
    recipient.tls().drop();
  }
  EXPECT_TRUE(relay.reaches("lethe_sessions", 1));
  sender.post(mail_to(invited(bob), "four"));
  WirePeer recipient = enter_with_backlog(bob, 3);
  for (const char* const payload : {"one", "three", "four"}) {
    const Heard delivered = recipient.expect("deliver");
    EXPECT_EQ(delivered.payload, payload);
    EXPECT_EQ(delivered.truth("redelivered"), delivered.payload != "four");
  }
  recipient.expect("caught_up");
  EXPECT_EQ(relay.metric("lethe_messages_redelivered_total"), 2);
}

TEST_P(Delivery, TheWindowIsAllThatIsInFlight) {
  WirePeer sender = enter(alice);
  WirePeer recipient = enter(bob, {{"window", 3}});
  for (int i = 0; i < 5; ++i) sender.post(mail_to(invited(bob), std::to_string(i)));
  std::vector<std::uint64_t> seqs;
  for (int i = 0; i < 3; ++i) seqs.push_back(recipient.expect("deliver").seq());
  recipient.settle();   // nothing else has come
  recipient.ack(0, {seqs[1]});
  EXPECT_EQ(recipient.expect("deliver").payload, "3");
  recipient.settle();
  recipient.say(Json{{"type", "mailbox"}, {"window", 4}});
  EXPECT_EQ(recipient.expect("deliver").payload, "4");
}

TEST_P(Delivery, WhatIsReadyGoesInOneBatch) {
  WirePeer sender = enter(alice);
  std::vector<Mail> mails;
  for (int i = 0; i < 50; ++i) mails.push_back(mail_to(invited(bob), std::to_string(i)));
  sender.send(mails);
  for (const Mail& mail : mails) EXPECT_TRUE(sender.expect("sent").is(mail.id));
  WirePeer recipient = enter_with_backlog(bob, 50);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(recipient.expect("deliver").payload, std::to_string(i));
  if (GetParam() == Encoding::binary) {
    EXPECT_EQ(sender.largest_batch, 50U);
    EXPECT_EQ(recipient.largest_batch, 50U);
  }
}

TEST_P(Delivery, ARepeatedSendIsAcceptedAgainAndStoredOnce) {
  WirePeer sender = enter(alice);
  WirePeer recipient = enter(bob);
  const Mail mail = mail_to(invited(bob));
  EXPECT_EQ(sender.post(mail).number("accepted"), 1);
  EXPECT_EQ(sender.post(mail).number("accepted"), 1);
  const Heard delivered = recipient.expect("deliver");
  recipient.settle();
  recipient.ack(delivered.seq());
  recipient.settle();
  EXPECT_EQ(sender.post(mail).number("accepted"), 1);
  recipient.settle();
  EXPECT_EQ(relay.metric("lethe_messages_duplicate_total"), 2);
  expect_nothing_held();
}

TEST_P(Delivery, OneSendReachesManyAndEachIsDecidedAlone) {
  const TestKey carol{3};
  const TestKey stranger{4};
  WirePeer sender = enter(alice);
  WirePeer first = enter(bob);
  WirePeer second = enter(carol, {{"senders", "anyone"}});
  Mail mail = mail_to(invited(bob), std::string(1'000, 'x'));
  mail.to.push_back({carol.address(), {}});
  mail.to.push_back({stranger.address(), {}});
  mail.to.push_back({carol.address(), {}});
  const Heard sent = sender.post(mail);
  EXPECT_EQ(sent.number("accepted"), 2);
  ASSERT_EQ(sent.fields.at("refused").size(), 2U);
  EXPECT_EQ(sent.refusal_of(stranger.address()), "not_invited");
  EXPECT_EQ(sent.refusal_of(carol.address()), "duplicate_recipient");
  EXPECT_EQ(relay.metric("lethe_queued_bytes"), 2'000);
  EXPECT_LT(relay.metric("lethe_arena_used_bytes"), 2'000);   // held once
  for (WirePeer* const recipient : {&first, &second}) {
    const Heard delivered = recipient->expect("deliver");
    EXPECT_EQ(delivered.payload, mail.payload);
    recipient->ack(delivered.seq());
    recipient->settle();
  }
  expect_nothing_held();
}

TEST_P(Delivery, AReceiptTellsTheSenderOfTheAck) {
  WirePeer sender = enter(alice);
  WirePeer recipient = enter(bob);
  Mail mail = mail_to(invited(bob));
  mail.receipt = true;
  sender.post(mail);
  recipient.ack(recipient.expect("deliver").seq());
  const Heard receipt = sender.expect("receipt");
  EXPECT_TRUE(receipt.is(mail.id));
  EXPECT_EQ(receipt.text("device"), base64url(bob.address().bytes));
  EXPECT_EQ(receipt.text("status"), "delivered");
  sender.ack(receipt.seq());
  sender.settle();
  expect_nothing_held();
}

TEST_P(Delivery, AReceiptWaitsForASenderWhoIsAway) {
  Mail mail = mail_to(invited(bob));
  mail.receipt = true;
  {
    WirePeer sender = enter(alice);
    sender.post(mail);
    sender.tls().drop();
  }
  EXPECT_TRUE(relay.reaches("lethe_sessions", 0));
  WirePeer recipient = enter_with_backlog(bob, 1);
  recipient.ack(recipient.expect("deliver").seq());
  recipient.expect("caught_up");
  recipient.settle();
  for (int time = 0; time < 2; ++time) {
    WirePeer sender = enter_with_backlog(alice, 1);
    const Heard receipt = sender.expect("receipt");
    EXPECT_TRUE(receipt.is(mail.id));
    EXPECT_EQ(receipt.text("status"), "delivered");
    sender.expect("caught_up");
    if (time == 0) continue;   // not acknowledged: it comes again
    sender.ack(receipt.seq());
    sender.settle();
  }
  expect_nothing_held();
}

TEST_P(Delivery, AMessageExpiresWithAReceiptAndIsCountedAsMissed) {
  WirePeer sender = enter(alice);
  Mail mail = mail_to(invited(bob));
  mail.ttl = 1;
  mail.receipt = true;
  EXPECT_EQ(sender.post(mail).number("ttl"), 1);
  const Heard receipt = sender.expect("receipt");
  EXPECT_TRUE(receipt.is(mail.id));
  EXPECT_EQ(receipt.text("status"), "expired");
  sender.ack(receipt.seq());
  sender.settle();
  expect_nothing_held();
  WirePeer recipient{relay, GetParam()};
  EXPECT_EQ(recipient.enter(bob).fields.at("missed"), (Json{{"expired", 1}, {"displaced", 0}, {"recalled", 0}}));
  WirePeer again{relay, GetParam()};
  EXPECT_EQ(again.enter(bob).fields.at("missed").at("expired"), 0);
}

TEST_P(Delivery, ALongerTtlIsShortenedToWhatTheRelayGrants) {
  WirePeer sender = enter(alice);
  Mail mail = mail_to(invited(bob));
  mail.ttl = 4'000'000'000;
  EXPECT_EQ(sender.post(mail).number("ttl"), 1'209'600);
  EXPECT_EQ(sender.post(mail_to(invited(bob))).number("ttl"), 604'800);
}

TEST_P(Delivery, ATtlOfZeroIsForConnectedDevicesOnlyAndOnlyOnce) {
  WirePeer sender = enter(alice);
  Mail mail = mail_to(invited(bob));
  mail.ttl = 0;
  EXPECT_EQ(sender.post(mail).refusal_of(bob.address()), "offline");
  {
    WirePeer recipient = enter(bob);
    mail.id = new_id();
    EXPECT_EQ(sender.post(mail).number("accepted"), 1);
    EXPECT_TRUE(recipient.expect("deliver").is(mail.id));
    recipient.tls().drop();
  }
  EXPECT_TRUE(relay.reaches("lethe_sessions", 1));
  expect_nothing_held();
  WirePeer recipient = enter(bob);
  recipient.settle();
}

TEST_P(Delivery, ALaterMessageOfATopicDisplacesTheEarlierOne) {
  WirePeer sender = enter(alice);
  Mail earlier = mail_to(invited(bob), "earlier");
  earlier.topic = "position_1";
  earlier.receipt = true;
  Mail later = mail_to(invited(bob), "later");
  later.topic = earlier.topic;
  sender.post(earlier);
  sender.post(later);
  const Heard receipt = sender.expect("receipt");
  EXPECT_TRUE(receipt.is(earlier.id));
  EXPECT_EQ(receipt.text("status"), "displaced");

  WirePeer recipient{relay, GetParam()};
  const Heard ready = recipient.authenticate(bob);
  EXPECT_EQ(ready.number("queued"), 1);
  EXPECT_EQ(ready.fields.at("missed").at("displaced"), 1);
  EXPECT_EQ(recipient.expect("deliver").payload, "later");
  recipient.expect("caught_up");
}

TEST_P(Delivery, ATopicIsItsSendersOwn) {
  const TestKey carol{3};
  WirePeer one = enter(alice);
  WirePeer two = enter(carol);
  for (WirePeer* const sender : {&one, &two}) {
    Mail mail = mail_to(invited(bob));
    mail.topic = "presence";
    sender->post(mail);
  }
  WirePeer recipient = enter_with_backlog(bob, 2);
  recipient.expect("deliver");
  recipient.expect("deliver");
}

TEST_P(Delivery, UrgencyHoldsBackUntilTheBarIsLowered) {
  WirePeer sender = enter(alice);
  WirePeer recipient = enter(bob, {{"min_urgency", "high"}});
  Mail calm = mail_to(invited(bob), "calm");
  calm.urgency = "low";
  Mail urgent = mail_to(invited(bob), "urgent");
  urgent.urgency = "high";
  sender.post(calm);
  sender.post(urgent);
  EXPECT_EQ(recipient.expect("deliver").payload, "urgent");
  recipient.settle();
  recipient.say(Json{{"type", "mailbox"}, {"min_urgency", "normal"}});
  recipient.settle();
  recipient.say(Json{{"type", "mailbox"}, {"min_urgency", "low"}});
  EXPECT_EQ(recipient.expect("deliver").payload, "calm");
}

TEST_P(Delivery, ARecallWipesWhatWasNotDelivered) {
  WirePeer sender = enter(alice);
  const Mail mail = mail_to(invited(bob));
  sender.post(mail);
  sender.recall(mail.id, bob.address());
  const Heard recalled = sender.expect("recalled");
  EXPECT_TRUE(recalled.is(mail.id));
  EXPECT_EQ(recalled.text("device"), base64url(bob.address().bytes));
  EXPECT_EQ(recalled.text("status"), "wiped");
  expect_nothing_held();
  WirePeer recipient{relay, GetParam()};
  EXPECT_EQ(recipient.enter(bob).fields.at("missed").at("recalled"), 1);
}

TEST_P(Delivery, ARecallOfWhatIsInFlightChangesNothing) {
  WirePeer sender = enter(alice);
  WirePeer recipient = enter(bob);
  const Mail mail = mail_to(invited(bob));
  sender.post(mail);
  const std::uint64_t seq = recipient.expect("deliver").seq();
  sender.recall(mail.id, bob.address());
  EXPECT_EQ(sender.expect("recalled").text("status"), "in_flight");
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 1);
  recipient.ack(seq);
  recipient.settle();
  sender.recall(mail.id, bob.address());
  EXPECT_EQ(sender.expect("recalled").text("status"), "unknown");
}

TEST_P(Delivery, OnlyTheSenderRecalls) {
  WirePeer sender = enter(alice);
  WirePeer other = enter(TestKey{3});
  const Mail mail = mail_to(invited(bob));
  sender.post(mail);
  other.recall(mail.id, bob.address());
  EXPECT_EQ(other.expect("recalled").text("status"), "unknown");
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 1);
}

TEST_P(Delivery, AnAckOfWhatWasNeverDeliveredIsHarmless) {
  WirePeer sender = enter(alice);
  WirePeer recipient = enter(bob, {{"window", 1}});
  for (const char* const payload : {"one", "two"}) sender.post(mail_to(invited(bob), payload));
  const Heard one = recipient.expect("deliver");
  recipient.ack(0, {one.seq() + 1, one.seq() + 100});
  recipient.settle();
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 2);
  recipient.ack(~std::uint64_t{0});
  EXPECT_EQ(recipient.expect("deliver").payload, "two");
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 1);
}

}  // namespace
}  // namespace lethe::test
