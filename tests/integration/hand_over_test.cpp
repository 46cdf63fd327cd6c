// An upgrade: one relay takes over from another, with all that it holds.
#include <future>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hand_over.hpp"
#include "support/certificate.hpp"
#include "support/hand_over_tap.hpp"
#include "support/own_memory.hpp"
#include "support/served_files.hpp"
#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HandOver : public testing::TestWithParam<bool> {
 protected:
  Settings settings(Settings more = {}) const {
    Settings all{{"hand_over", name}, {"drain.retry_after.min", "3"}, {"drain.retry_after.max", "7"}, {"drain.acks", "1"}};
    if (!GetParam()) all["lockdown"] = "off";
    more.merge(all);
    return more;
  }
  // A start that is to fail: what it says.
  std::string refused_start(const Settings& chosen) const {
    std::vector<std::string> arguments{"--listen=127.0.0.1:0", "--admin=127.0.0.1:0", "--memory.locking=off", "--memory.arena=64MiB",
                                       "--limits.relay.bytes=48MiB", "--threads=1", "--take-over"};
    for (const auto& [option, value] : chosen) arguments.push_back("--" + option + "=" + value);
    const Ended ended = run_relay(arguments);
    EXPECT_EQ(ended.status, 1) << ended.out << ended.err;
    EXPECT_THAT(ended.out, Not(HasSubstr("listening")));
    return ended.err;
  }
  // What they are told, as they hear it.
  static std::future<std::vector<Heard>> sending_away(std::vector<WirePeer*> peers) {
    return std::async(std::launch::async, [peers = std::move(peers)] {
      std::vector<Heard> said;
      for (WirePeer* const peer : peers) said.push_back(peer->expect_closing("draining", 1001));
      return said;
    });
  }
  static void expect_messages(WirePeer& peer, const std::vector<std::string>& payloads) {
    for (const std::string& payload : payloads) {
      const Heard delivered = peer.expect("deliver");
      EXPECT_EQ(delivered.payload, payload);
      peer.ack(delivered.seq());
    }
    peer.expect("caught_up");
    peer.settle();
  }

  const std::string name = hand_over_name();
  const TestKey alice{1};
  const TestKey bob{2};
};
INSTANTIATE_TEST_SUITE_P(Processes, HandOver, testing::Values(true, false),
                         [](const auto& broker) { return broker.param ? "BesideABroker" : "Alone"; });

TEST_P(HandOver, LosesNothingThatIsUndelivered) {
  RelayProcess first{settings()};
  WirePeer sender{first, Encoding::json};
  const std::string epoch = sender.enter(alice).text("epoch");
  WirePeer recipient{first, Encoding::binary};
  recipient.enter(bob, {.mailbox = {{"senders", "anyone"}, {"generation", 4}}});
  const Mail known = mail_to({bob.address(), {}}, "acknowledged before");
  sender.post(known);
  recipient.ack(recipient.expect("deliver").seq());
  recipient.settle();
  Mail waiting = mail_to({bob.address(), {}}, "in flight");
  waiting.receipt = true;
  sender.post(waiting);
  recipient.expect("deliver");

  auto sent_away = sending_away({&sender, &recipient});
  RelayProcess second{settings({{"threads", "3"}})};
  EXPECT_EQ(second.port(), first.port());
  for (const Heard& closing : sent_away.get()) {
    EXPECT_GE(closing.number("retry_after"), 3);
    EXPECT_LE(closing.number("retry_after"), 7);
  }
  EXPECT_EQ(first.wait().status, 0);
  EXPECT_THAT(first.out(), HasSubstr(" info handed_over bytes=9 count=1\n"));
  EXPECT_THAT(first.out(), HasSubstr(" arena_audited bytes=67108864 count=0\n"));
  EXPECT_THAT(second.out(), HasSubstr(" info taken_over bytes=9 count=1\n"));

  WirePeer back{second, Encoding::json};
  const Heard ready = back.authenticate(bob, {.epoch = epoch});
  EXPECT_TRUE(ready.truth("continuous"));
  EXPECT_EQ(ready.text("epoch"), epoch);
  const Heard delivered = back.expect("deliver");
  EXPECT_EQ(delivered.payload, "in flight");
  EXPECT_TRUE(delivered.truth("redelivered"));
  EXPECT_EQ(delivered.seq(), 2U);
  back.expect("caught_up");
  back.ack(delivered.seq());
  back.settle();
  WirePeer again{second, Encoding::json};
  EXPECT_TRUE(again.authenticate(alice, {.epoch = epoch}).truth("continuous"));
  const Heard receipt = again.expect("receipt");
  EXPECT_EQ(receipt.text("status"), "delivered");
  again.ack(receipt.seq());
  again.expect("caught_up");
  EXPECT_EQ(again.post(known).number("accepted"), 1) << "recognised";
  const Mail void_invite = mail_to(invited(bob, {.generation = 3}));
  EXPECT_EQ(again.post(void_invite).number("accepted"), 1) << "the mailbox is still open to anyone";
  const Heard last = back.expect("deliver");
  EXPECT_EQ(last.payload, "hello");
  back.ack(last.seq());
  back.settle();
  EXPECT_EQ(second.metric("lethe_messages_accepted_total"), 3) << "the counters go on";
  EXPECT_EQ(second.metric("lethe_messages_duplicate_total"), 1);
  EXPECT_EQ(second.metric("lethe_upgrades_refused_total"), 0);
  EXPECT_EQ(second.stop().status, 0);
}

TEST_P(HandOver, HasToBeThereWhereItIsAskedFor) {
  EXPECT_EQ(refused_start(settings()), "lethe: take over: no relay runs there (hand_over)\n");
  const Ended nameless = run_relay({"--take-over"});
  EXPECT_EQ(nameless.status, 2);
  EXPECT_EQ(nameless.err, "lethe: --take-over: needs hand_over: where the running relay listens\n");
}

// A relay may not remove the file of its socket: the next one does.
TEST_P(HandOver, FindsTheOtherByAPathAlsoAfterOneWasLeftThere) {
  const ServedFiles files;
  const Settings chosen = settings({{"hand_over", files.directory() / "hand-over"}});
  EXPECT_EQ(RelayProcess{chosen}.stop().status, 0);
  EXPECT_TRUE(std::filesystem::is_socket(chosen.at("hand_over")));
  RelayProcess first{chosen};
  RelayProcess second{chosen};
  EXPECT_EQ(first.wait().status, 0);
  RelayProcess third{chosen};
  EXPECT_EQ(second.wait().status, 0);
  EXPECT_EQ(third.port(), first.port());
}

TEST_P(HandOver, OfAnotherVersionIsRefusedBeforeAnythingMoves) {
  RelayProcess relay{settings()};
  WirePeer peer{relay, Encoding::json};
  peer.enter(alice);
  const int stranger = connect_hand_over(name);
  HandOverGreeting greeting;
  greeting.version += 1;
  ASSERT_EQ(::send(stranger, &greeting, sizeof greeting, MSG_NOSIGNAL), static_cast<ssize_t>(sizeof greeting));
  HandOverAnswer answer;
  ASSERT_EQ(::recv(stranger, &answer, sizeof answer, MSG_WAITALL), static_cast<ssize_t>(sizeof answer));
  EXPECT_EQ(answer.welcome, HandOverWelcome::other_version);
  EXPECT_EQ(answer.greeting.version, hand_over_version);
  EXPECT_EQ(answer.epoch, 0U);
  EXPECT_EQ(answer.hash, KeyedHash::Key{});
  EXPECT_EQ(::recv(stranger, &answer, 1, 0), 0) << "it hangs up";
  ::close(stranger);
  EXPECT_TRUE(relay.says(" warning hand_over_refused code=1\n"));
  peer.post(mail_to({alice.address(), {}}));
  peer.ack(peer.expect("deliver").seq());
  peer.settle();
}

TEST_P(HandOver, IsRefusedToAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be another user as well";
  RelayProcess relay{settings()};
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setuid(65'534) != 0) ::_exit(9);
    const int stranger = connect_hand_over(name);
    const HandOverGreeting greeting;
    HandOverAnswer answer;
    const bool answered = ::send(stranger, &greeting, sizeof greeting, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof greeting) &&
                          ::recv(stranger, &answer, sizeof answer, MSG_WAITALL) == static_cast<ssize_t>(sizeof answer);
    const bool nothing = answer.welcome == HandOverWelcome::other_user && answer.epoch == 0 && answer.hash == KeyedHash::Key{};
    ::_exit(answered && nothing ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(relay.says(" warning hand_over_refused code=2\n"));
}

// ---- death in the middle ------------------------------------------------------------------------------------------------

TEST_P(HandOver, ThatEndsInTheMiddleLeavesTheRelayWhole) {
  RelayProcess relay{settings({{"drain.retry_after.min", "1"}, {"drain.retry_after.max", "1"}})};
  std::string epoch;
  {
    WirePeer sender{relay, Encoding::json};
    epoch = sender.enter(alice).text("epoch");
    for (int i = 0; i < 20; ++i) sender.post(mail_to(invited(bob), std::string(60'000, static_cast<char>('a' + i))));
  }
  // In the middle of the payloads, and as it has said that it has all of them.
  for (const Cut& cut : {Cut{.after_relay_bytes = 600'000}, Cut{.at_step = static_cast<char>(HandOverStep::complete)}}) {
    WirePeer live{relay, Encoding::json};
    live.enter(alice, {.epoch = epoch});
    HandOverTap tap{name, cut};
    auto sent_away = sending_away({&live});
    EXPECT_THROW(RelayProcess(settings({{"hand_over", tap.name()}})), std::runtime_error);
    EXPECT_TRUE(tap.join());
    sent_away.get();
    EXPECT_TRUE(relay.says(" warning hand_over_failed code="));
    WirePeer back{relay, Encoding::json};
    EXPECT_TRUE(back.enter(alice, {.epoch = epoch}).truth("continuous"));
    EXPECT_EQ(relay.metric("lethe_queued_messages"), 20);
    unsigned status = 0;
    relay.admin_page("/readyz", status);
    EXPECT_EQ(status, 200U);
    back.close(1000);
    back.expect("closed");
  }
  WirePeer recipient{relay, Encoding::binary};
  EXPECT_TRUE(recipient.authenticate(bob, {.epoch = epoch}).truth("continuous"));
  for (int i = 0; i < 20; ++i) {
    const Heard delivered = recipient.expect("deliver");
    EXPECT_EQ(delivered.payload, std::string(60'000, static_cast<char>('a' + i)));
    EXPECT_FALSE(delivered.truth("redelivered"));
    recipient.ack(delivered.seq());
  }
  EXPECT_EQ(relay.metric("lethe_upgrades_refused_total"), 0);
}

#ifdef LETHE_MEMORY_CAN_BE_SEARCHED
// Neither in the one that took them over, nor in one that handed them over in vain and went on.
TEST_P(HandOver, LeavesNothingInMemoryOfWhatIsAcknowledged) {
  if (::geteuid() != 0) GTEST_SKIP() << "SKIPPED: needs root, to read the memory of another process";
  const std::string mark = "marked for a search of the relay's memory";
  const std::string payload = mark + std::string(3'000, 'x') + mark;
  RelayProcess first{settings()};
  WirePeer sender{first, Encoding::json};
  sender.enter(alice);
  for (int i = 0; i < 20; ++i) sender.post(mail_to(invited(bob), payload));
  {
    auto sent_away = sending_away({&sender});
    HandOverTap tap{name, {.at_step = static_cast<char>(HandOverStep::complete)}};
    EXPECT_THROW(RelayProcess(settings({{"hand_over", tap.name()}})), std::runtime_error);
    EXPECT_TRUE(tap.join());
    sent_away.get();
    EXPECT_TRUE(first.says(" warning hand_over_failed code="));
  }
  EXPECT_EQ(first.copies_in_memory(mark), 40U) << "what waits, and nothing else";
  WirePeer recipient{first, Encoding::binary};
  recipient.authenticate(bob);
  for (int i = 0; i < 20; ++i) {
    const Heard delivered = recipient.expect("deliver");
    if (i < 10) recipient.ack(delivered.seq());
  }
  recipient.expect("caught_up");
  auto sent_away = sending_away({&recipient});
  RelayProcess second{settings()};
  sent_away.get();
  EXPECT_EQ(first.wait().status, 0);
  EXPECT_EQ(second.copies_in_memory(mark), 20U);
  WirePeer back{second, Encoding::json};
  back.authenticate(bob);
  for (int i = 0; i < 10; ++i) back.ack(back.expect("deliver").seq());
  EXPECT_TRUE(second.reaches("lethe_queued_messages", 0));
  EXPECT_EQ(second.copies_in_memory(mark), 0U);
}
#endif

TEST_P(HandOver, GoesOnWhereTheOldOneDiesOnceTheNewHasAllOfIt) {
  RelayProcess first{settings()};
  WirePeer sender{first, Encoding::json};
  const std::string epoch = sender.enter(alice).text("epoch");
  sender.post(mail_to(invited(bob), "survives"));
  HandOverTap tap{name, {.at_step = static_cast<char>(HandOverStep::complete), .relay_dies = true}, first.pid()};
  RelayProcess second{settings({{"hand_over", tap.name()}})};
  EXPECT_TRUE(tap.join());
  EXPECT_EQ(first.wait().status, -1);
  WirePeer recipient{second, Encoding::json};
  EXPECT_TRUE(recipient.authenticate(bob, {.epoch = epoch}).truth("continuous"));
  expect_messages(recipient, {"survives"});
}

TEST_P(HandOver, ThatFindsNoRoomIsRefusedWithASentence) {
  RelayProcess relay{settings()};
  WirePeer sender{relay, Encoding::json};
  sender.enter(alice);
  for (int i = 0; i < 20; ++i) sender.post(mail_to(invited(bob), std::string(60'000, 'x')));
  Settings small = settings();
  small["limits.relay.bytes"] = "1MiB";
  EXPECT_EQ(refused_start(small),
            "lethe: take over: there is no room for what the running relay holds (memory.arena, limits); the running relay goes on\n");
  EXPECT_TRUE(relay.says(" warning hand_over_failed code=4\n"));
  EXPECT_EQ(relay.metric("lethe_queued_messages"), 20);
  EXPECT_EQ(relay.stop().status, 0);
}

TEST_P(HandOver, IsGivenUpByARelayThatIsToStop) {
  RelayProcess relay{settings()};
  WirePeer sender{relay, Encoding::json};
  sender.enter(alice);
  sender.post(mail_to(invited(bob)));
  // One that asks for everything, and takes nothing.
  const int successor = connect_hand_over(name);
  const HandOverGreeting greeting;
  HandOverAnswer answer;
  const char ready = static_cast<char>(HandOverStep::ready);
  ASSERT_EQ(::send(successor, &greeting, sizeof greeting, MSG_NOSIGNAL), static_cast<ssize_t>(sizeof greeting));
  ASSERT_EQ(::recv(successor, &answer, sizeof answer, MSG_WAITALL), static_cast<ssize_t>(sizeof answer));
  ASSERT_EQ(::send(successor, &ready, 1, MSG_NOSIGNAL), 1);
  ASSERT_TRUE(relay.says(" info handing_over\n"));
  const Ended ended = relay.stop();
  ::close(successor);
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, HasSubstr(" warning hand_over_failed "));
  EXPECT_THAT(ended.out, HasSubstr(" warning drained count=1\n"));
}

// ---- what else goes on ----------------------------------------------------------------------------------------------------

TEST_P(HandOver, HonoursTheTicketsOfTheSameCertificate) {
  const ServedFiles files;
  const Settings chosen = settings(files.settings({{"tls.resumption", "true"}}));
  RelayProcess first{chosen};
  WirePeer peer{first, Encoding::json};
  peer.enter(alice);
  TlsSettings resume;
  // A copy: OpenSSL gives up a session whose connection ends without a goodbye.
  resume.resume = TlsSession{SSL_SESSION_dup(peer.tls().session().get()), SSL_SESSION_free};
  auto sent_away = sending_away({&peer});
  RelayProcess second{chosen};
  sent_away.get();
  TlsClient returning{second.port(), resume};
  EXPECT_TRUE(returning.resumed());
}

TEST_P(HandOver, KeepsTheFilterOfTheSystemCalls) {
  const auto filter = [](const RelayProcess& relay) {
    const std::string log = relay.out();
    const std::size_t at = log.find(" filter=");
    return at == std::string::npos ? "none" : log.substr(at + 8, 64);
  };
  RelayProcess first{settings()};
  RelayProcess second{settings()};
  EXPECT_EQ(filter(first), filter(second));
  EXPECT_EQ(filter(first) == "none", !GetParam() || !locks_down());
}

}  // namespace
}  // namespace lethe::test
