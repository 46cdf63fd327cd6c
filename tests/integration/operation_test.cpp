// Starting, stopping and starting again.
#include <algorithm>

#include <gtest/gtest.h>

#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

class Stop : public testing::TestWithParam<int> {
 protected:
  TestKey alice{1};
  TestKey bob{2};
};
INSTANTIATE_TEST_SUITE_P(Signals, Stop, testing::Values(SIGTERM, SIGINT),
                         [](const auto& number) { return std::string{number.param == SIGTERM ? "SIGTERM" : "SIGINT"}; });

bool logged(const Ended& ended, const std::string& text) { return ended.out.find(text) != std::string::npos; }

TEST_P(Stop, WaitsForTheAckInFlightAndCountsWhatItGivesUp) {
  RelayProcess relay{{{"drain.retry_after.min", "3"}, {"drain.retry_after.max", "5"}, {"drain.acks", "60"}}};
  WirePeer sender{relay, Encoding::json};
  sender.enter(alice);
  WirePeer recipient{relay, Encoding::binary};
  recipient.enter(bob, {.mailbox = {{"window", 1}}});
  sender.post(mail_to(invited(bob), "in flight"));
  sender.post(mail_to(invited(bob), "behind the window"));
  sender.post(mail_to(invited(TestKey{3}), "for somebody absent"));
  const std::uint64_t seq = recipient.expect("deliver").seq();

  relay.signal(GetParam());
  const Heard closing = recipient.expect("closing");
  EXPECT_EQ(closing.text("reason"), "draining");
  EXPECT_GE(closing.number("retry_after"), 3);
  EXPECT_LE(closing.number("retry_after"), 5);
  sender.expect_closing("draining", 1001);   // nothing is in flight to it
  unsigned status = 0;
  relay.admin_page("/readyz", status);
  EXPECT_EQ(status, 503U);
  EXPECT_TRUE(relay.running());

  recipient.ack(seq);
  EXPECT_EQ(recipient.expect("closed").close_code, 1001U);
  const Ended ended = relay.wait();
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(logged(ended, " drained count=2")) << ended.out;
  EXPECT_TRUE(logged(ended, " stopped")) << ended.out;
}

TEST_P(Stop, AnIdleRelayStopsAtOnce) {
  RelayProcess relay{{{"drain.acks", "600"}}};
  const Ended ended = relay.stop(GetParam());
  EXPECT_EQ(ended.status, 0);
  EXPECT_TRUE(logged(ended, " drained count=0")) << ended.out;
}

TEST_F(Stop, DoesNotWaitForeverForAnAck) {
  RelayProcess relay{{{"drain.acks", "1"}}};
  WirePeer peer{relay, Encoding::json};
  peer.enter(alice);
  peer.post(mail_to({alice.address(), {}}));
  peer.expect("deliver");
  relay.signal(SIGTERM);
  peer.expect_closing("draining", 1001);
  const Ended ended = relay.wait();
  EXPECT_EQ(ended.status, 0);
  EXPECT_TRUE(logged(ended, " arena_audited bytes=67108864 count=0")) << "what is given up is overwritten first: " << ended.out;
  EXPECT_TRUE(logged(ended, " drained count=1")) << ended.out;
}

TEST_F(Stop, TellsASessionThatHasNotAuthenticatedToo) {
  RelayProcess relay;
  WirePeer peer{relay, Encoding::json};
  peer.hello();
  relay.signal(SIGTERM);
  peer.expect_closing("draining", 1001);
  EXPECT_EQ(relay.wait().status, 0);
}

TEST_F(Stop, RefusesASendWhileItDrains) {
  RelayProcess relay{{{"drain.acks", "60"}}};
  WirePeer peer{relay, Encoding::json};
  peer.enter(alice);
  peer.post(mail_to({alice.address(), {}}));
  const std::uint64_t seq = peer.expect("deliver").seq();
  relay.signal(SIGTERM);
  peer.expect("closing");
  const Mail late = mail_to({alice.address(), {}});
  peer.send(late);
  const Heard error = peer.expect("error");
  EXPECT_EQ(error.text("code"), "rate_limited");
  EXPECT_TRUE(error.is(late.id));
  EXPECT_GE(error.number("retry_after"), 1);
  peer.ack(seq);
  EXPECT_EQ(peer.expect("closed").close_code, 1001U);
  EXPECT_TRUE(logged(relay.wait(), " drained count=0"));
}

TEST_F(Stop, AnUpgradeWhileItDrainsIsToldToComeBackLater) {
  RelayProcess relay{{{"drain.acks", "60"}}};
  WirePeer peer{relay, Encoding::json};
  peer.enter(alice);
  peer.post(mail_to({alice.address(), {}}));
  const std::uint64_t seq = peer.expect("deliver").seq();
  TlsClient connection{relay.port()};
  relay.signal(SIGTERM);
  peer.expect("closing");
  connection.write(upgrade_request("lethe.v1.json"));
  const HttpReply reply = parse_reply(connection.read_all());
  EXPECT_EQ(reply.status, 503U);
  EXPECT_TRUE(reply.has("retry-after"));
  connection.drop();
  TlsClient newcomer{relay.port()};
  newcomer.write(upgrade_request("lethe.v1.json"));
  EXPECT_EQ(parse_reply(newcomer.read_all()).status, 503U);
  newcomer.drop();
  peer.ack(seq);
  peer.expect("closed");
  EXPECT_EQ(relay.wait().status, 0);
}

TEST_F(Stop, AConnectionThatSaysNothingDoesNotHoldItUpForLong) {
  RelayProcess relay{{{"drain.acks", "600"}}};
  const TlsClient silent{relay.port()};
  EXPECT_EQ(relay.stop().status, 0);
}

TEST(Restart, BringsANewEpochAndSaysThatNothingIsContinuous) {
  const TestKey alice{1};
  std::string epoch;
  {
    RelayProcess relay;
    WirePeer peer{relay, Encoding::json};
    epoch = peer.enter(alice).text("epoch");
    WirePeer again{relay, Encoding::json};
    EXPECT_TRUE(again.enter(alice, {.epoch = epoch}).truth("continuous"));
    relay.kill();
  }
  const RelayProcess relay;
  WirePeer peer{relay, Encoding::json};
  const Heard ready = peer.enter(alice, {.epoch = epoch});
  EXPECT_FALSE(ready.truth("continuous"));
  EXPECT_NE(ready.text("epoch"), epoch);
}

// ---- the operator's side ----------------------------------------------------------------------------------------------

TEST(Configuration, WhatIsWrongStopsTheStartWithOneLineThatNamesIt) {
  const struct { std::vector<std::string> arguments; std::string named; } cases[] = {
      {{"--limits.session.idle=banana"}, "limits.session.idle"},
      {{"--threads", "1000"}, "threads"},
      {{"--no-such-option=1"}, "no-such-option"},
      {{"--name=relay.example"}, "tls.certificate"},
      {{"--admission.mode=jwt"}, "admission.key_file"},
      {{"--config", "/does/not/exist.json"}, "/does/not/exist.json"},
  };
  for (const auto& [arguments, named] : cases) {
    const Ended ended = run_relay(arguments);
    EXPECT_EQ(ended.status, 2) << named;
    EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
    EXPECT_NE(ended.err.find(named), std::string::npos) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
}

TEST(Configuration, APortThatIsTakenStopsTheStart) {
  const RelayProcess relay;
  const Ended ended = run_relay({"--listen=127.0.0.1:" + std::to_string(relay.port()), "--admin=", "--memory.locking=off"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
  EXPECT_NE(ended.err.find("listen"), std::string::npos) << ended.err;
}

TEST(Admin, ServesItsPagesAndNothingElse) {
  // Little enough for every user to lock.
  const RelayProcess relay{{{"memory.locking", "required"}, {"memory.arena", "2MiB"}, {"limits.relay.bytes", "1MiB"}}};
  unsigned status = 0;
  EXPECT_EQ(relay.admin_page("/healthz", status), "ok\n");
  EXPECT_EQ(status, 200U);
  EXPECT_EQ(relay.admin_page("/readyz", status), locks_down() ? "ready\n" : "degraded\n");
  EXPECT_EQ(status, 200U);
  relay.admin_page("/metrics", status);
  EXPECT_EQ(status, 200U);
  relay.admin_page("/v1", status);
  EXPECT_EQ(status, 404U);
}

// What --health says of the relay with these admin pages.
Ended health_at(const std::string& admin) { return run_relay({"--health", "--admin=" + admin}); }

TEST(Health, IsTheReadinessOfTheRelayWithTheSameConfiguration) {
  RelayProcess relay{{{"memory.locking", "required"}, {"memory.arena", "2MiB"}, {"limits.relay.bytes", "1MiB"}, {"drain.acks", "600"}}};
  const std::string admin = "127.0.0.1:" + std::to_string(relay.admin_port());
  const Ended ready = health_at(admin);
  EXPECT_EQ(ready.out, locks_down() ? "ready\n" : "degraded\n");
  EXPECT_EQ(ready.err, "");
  EXPECT_EQ(ready.status, 0);

  WirePeer peer{relay, Encoding::json};
  const TestKey alice{1};
  peer.enter(alice);
  peer.post(mail_to({alice.address(), {}}));
  peer.expect("deliver");
  relay.signal(SIGTERM);
  peer.expect("closing");   // the drain waits for the acknowledgement
  const Ended draining = health_at(admin);
  EXPECT_EQ(draining.out, "draining\n");
  EXPECT_EQ(draining.status, 1);
  relay.kill();
}

TEST(Health, IsBadInOneLineWhereNobodyCanBeAsked) {
  for (const char* const admin : {"127.0.0.1:1", "", "127.0.0.1:0"}) {
    const Ended ended = health_at(admin);
    EXPECT_EQ(ended.status, 1) << admin;
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(ended.err.starts_with("lethe: health: ")) << ended.err;
    EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
  }
}

}  // namespace
}  // namespace lethe::test
