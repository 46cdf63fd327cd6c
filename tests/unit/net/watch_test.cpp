#include "net/watch.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "net/readiness.hpp"

namespace lethe::net {
namespace {

// A watched socket and the other end of its connection.
struct Pair {
  explicit Pair(Readiness& readiness) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) != 0) throw std::runtime_error{"socketpair"};
    watch.emplace(readiness, ends[0]);
  }
  ~Pair() {
    watch.reset();
    for (const int end : ends) ::close(end);
  }
  void say(std::string_view text) const { EXPECT_EQ(::send(ends[1], text.data(), text.size(), 0), static_cast<ssize_t>(text.size())); }
  std::size_t hear() const {
    std::array<char, 64> text{};
    const ssize_t got = ::recv(ends[0], text.data(), text.size(), 0);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  std::array<int, 2> ends{-1, -1};
  std::optional<Watch> watch;
};

class WatchTest : public testing::Test {
 protected:
  using Outcome = std::optional<error_code>;
  static auto into(Outcome& outcome) {
    return [&outcome](error_code error) { outcome = error; };
  }
  asio::io_context context{1};
  Readiness readiness{context};
};

constexpr auto readable = Watch::Event::readable;
constexpr auto writable = Watch::Event::writable;

TEST_F(WatchTest, AWaitEndsWithWhatComes) {
  Pair pair{readiness};
  Outcome outcome;
  pair.watch->wait(readable, into(outcome));
  context.poll();
  EXPECT_FALSE(outcome) << "nothing has come";
  pair.say("a");
  context.run();
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(*outcome);
  EXPECT_EQ(pair.hear(), 1U);
}

TEST_F(WatchTest, NeverCallsItsHandlerWhileTheWaitBegins) {
  Pair pair{readiness};
  pair.say("a");
  for (int round = 0; round < 3; ++round) {
    Outcome outcome;
    pair.watch->wait(readable, into(outcome));
    EXPECT_FALSE(outcome);
    pair.say("b");
    context.run();
    context.restart();
    EXPECT_TRUE(outcome);
  }
}

TEST_F(WatchTest, WhatCameWhileNobodyWaitedEndsTheNextWait) {
  Pair pair{readiness};
  Pair other{readiness};
  Outcome first;
  pair.watch->wait(readable, into(first));
  pair.say("a");
  context.run();
  context.restart();
  EXPECT_EQ(pair.hear(), 1U);

  pair.say("b");   // reported together with the other's
  Outcome others;
  other.watch->wait(readable, into(others));
  other.say("c");
  context.run();
  context.restart();
  ASSERT_TRUE(others);

  Outcome second;
  pair.watch->wait(readable, into(second));
  context.run();
  EXPECT_TRUE(second);
}

TEST_F(WatchTest, ASocketThatIsFullIsWaitedFor) {
  Pair pair{readiness};
  const std::array<char, 65'536> much{};
  while (::send(pair.ends[0], much.data(), much.size(), MSG_DONTWAIT) > 0) {}
  Outcome outcome;
  pair.watch->wait(writable, into(outcome));
  context.poll();
  EXPECT_FALSE(outcome);
  std::array<char, 65'536> taken{};
  while (::recv(pair.ends[1], taken.data(), taken.size(), MSG_DONTWAIT) > 0) {}
  context.run();
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(*outcome);
}

TEST_F(WatchTest, ClosingEndsEveryWaitAndThoseThatBeginLater) {
  Pair pair{readiness};
  Outcome reading;
  Outcome later;
  pair.watch->wait(readable, into(reading));
  context.poll();
  pair.watch->close();
  EXPECT_FALSE(reading) << "not within close";
  pair.watch->wait(readable, into(later));
  context.run();   // and the thread has nothing left to do
  EXPECT_EQ(reading, Outcome{asio::error::operation_aborted});
  EXPECT_EQ(later, Outcome{asio::error::operation_aborted});
}

// Both events have been fetched when the first handler closes the other connection.
TEST_F(WatchTest, ALateEventOfAClosedConnectionIsForgotten) {
  std::array<std::optional<Pair>, 2> pairs;
  for (auto& pair : pairs) pair.emplace(readiness);
  std::array<Outcome, 2> outcomes;
  for (std::size_t n = 0; n < 2; ++n) {
    pairs[n]->watch->wait(readable, [&, n](error_code error) {
      outcomes[n] = error;
      if (error) return;
      pairs[1 - n]->watch->close();
      pairs[1 - n]->watch.reset();
    });
  }
  for (const auto& pair : pairs) pair->say("a");
  context.run();
  ASSERT_TRUE(outcomes[0] && outcomes[1]);
  const std::size_t first = outcomes[0]->failed() ? 1 : 0;
  EXPECT_FALSE(*outcomes[first]);
  EXPECT_EQ(outcomes[1 - first], Outcome{asio::error::operation_aborted});
}

TEST_F(WatchTest, SaysThatThePeerHasEnded) {
  Pair pair{readiness};
  Outcome outcome;
  pair.watch->wait(readable, into(outcome));
  pair.say("a");
  context.run();
  context.restart();
  EXPECT_FALSE(pair.watch->ended());
  pair.watch->wait(readable, into(outcome));
  ::shutdown(pair.ends[1], SHUT_WR);
  context.run();
  EXPECT_TRUE(pair.watch->ended());
}

TEST_F(WatchTest, GoesOnUnderAnotherThread) {
  Pair pair{readiness};
  Outcome outcome;
  pair.watch->wait(readable, into(outcome));
  pair.say("a");
  context.run();
  asio::io_context home{1};
  Readiness other{home};
  pair.say("b");   // it is not lost on the way
  pair.watch->move_to(other);
  outcome.reset();
  pair.watch->wait(readable, into(outcome));
  home.run();
  EXPECT_TRUE(outcome);
  pair.watch->close();
}

// More connections than are fetched at once.
TEST_F(WatchTest, ServesEveryoneWhoseEventsCameTogether) {
  constexpr std::size_t many = 200;
  std::array<std::optional<Pair>, many> pairs;
  std::size_t served = 0;
  for (auto& pair : pairs) {
    pair.emplace(readiness);
    pair->watch->wait(readable, [&served](error_code error) { served += error ? 0 : 1; });
    pair->say("a");
  }
  context.run();
  EXPECT_EQ(served, many);
}

// A handler that is never called is destroyed with what it holds.
TEST_F(WatchTest, ForgetsAHandlerWithoutCallingIt) {
  const auto held = std::make_shared<int>(0);
  {
    Waiting waiting = Waiting::of([held](error_code) { ADD_FAILURE(); });
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace lethe::net
