#include "net/transport.hpp"

#include "net/readiness.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace lethe::net {
namespace {

// Two connected sockets; a closed one is -1.
struct Pair {
  int near = -1;
  int far = -1;
  Pair() {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) throw std::runtime_error{"socketpair"};
    near = ends[0];
    far = ends[1];
  }
  ~Pair() {
    if (near >= 0) ::close(near);
    ::close(far);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
};

std::string received(int socket) {
  char bytes[64];
  const ssize_t count = ::recv(socket, bytes, sizeof bytes, MSG_DONTWAIT);
  return count > 0 ? std::string(bytes, static_cast<std::size_t>(count)) : std::string{};
}

class TransportTest : public testing::Test {
 protected:
  // Takes over the near end.
  Transport over(Pair& pair) { return {Descriptor{std::exchange(pair.near, -1)}, readiness_, nullptr, scratch_}; }
  static TlsPipe::Part part(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

  // More than the socket takes.
  void fill(Transport& transport) const {
    error_code error;
    transport.write_some(asio::buffer(much), error);
    ASSERT_TRUE(transport.blocked());
  }

  const std::string much = std::string(4'000'000, 'x');
  asio::io_context context_{1};
  Readiness readiness_{context_};
  TransitBudget budget_{8'000'000};
  ScratchPool scratch_{budget_, 70'000};
};

// The number of a closed descriptor is soon that of another connection, which its late events must not touch.
TEST_F(TransportTest, TouchesNothingOnceItIsClosed) {
  Pair mine;
  const int number = mine.near;
  Transport transport = over(mine);
  transport.close();
  Pair others;
  ASSERT_EQ(others.near, number) << "the kernel gives the lowest free number";
  ASSERT_EQ(::send(others.far, "for others", 10, 0), 10);

  std::array<std::uint8_t, 64> to{};
  const TlsPipe::Moved moved = transport.pipe().read(to);
  EXPECT_EQ(moved.bytes, 0U);
  EXPECT_TRUE(moved.error);
  EXPECT_EQ(received(others.near), "for others");

  const std::string late = "late words";
  const TlsPipe::Part parts[] = {part(late)};
  EXPECT_TRUE(transport.pipe().write(parts).error);
  EXPECT_TRUE(transport.pipe().flush());
  EXPECT_EQ(received(others.far), "");
}

TEST_F(TransportTest, GivesBackWhatWaitsWhenItIsClosed) {
  Pair pair;
  Transport transport = over(pair);
  const TlsPipe::Part parts[] = {part(much)};
  EXPECT_FALSE(transport.pipe().write(parts).error);
  ASSERT_TRUE(transport.blocked());
  EXPECT_GT(budget_.used(), 0U);
  transport.close();
  EXPECT_EQ(budget_.used(), 0U);
}

TEST_F(TransportTest, AWriteThatDoesNotWaitAddsToWhatWaits) {
  Pair pair;
  Transport transport = over(pair);
  error_code error;
  EXPECT_EQ(transport.write_some(asio::buffer(much), error), much.size());
  EXPECT_FALSE(error);
  ASSERT_TRUE(transport.blocked());
  const std::string head = "head";
  const std::string rest = ", rest";
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(rest)};
  EXPECT_EQ(transport.write_some(parts, error), head.size() + rest.size());
  EXPECT_FALSE(error);
  std::string heard;
  while (heard.size() < much.size() + 10) {
    heard += received(pair.far);
    const error_code flushed = transport.pipe().flush();
    ASSERT_TRUE(!flushed || flushed == asio::error::would_block);
  }
  EXPECT_EQ(heard, much + "head, rest");
  EXPECT_EQ(budget_.used(), 0U);
}

// Beast answers a ping while the session's writer waits.
TEST_F(TransportTest, AFlushAndAWriteWaitForTheSameSocket) {
  Pair pair;
  Transport transport = over(pair);
  fill(transport);
  bool flushed = false;
  bool written = false;
  std::string pong = "pong";
  transport.async_flush([&](error_code failed) { flushed = !failed; });
  transport.async_write_some(asio::buffer(pong), [&](error_code failed, std::size_t) { written = !failed; });
  context_.poll();
  EXPECT_FALSE(flushed || written);
  std::string heard;
  while (heard.size() < much.size() + pong.size()) {
    heard += received(pair.far);
    context_.restart();
    context_.poll();
  }
  EXPECT_TRUE(flushed && written);
  EXPECT_EQ(heard, much + pong);
}

TEST_F(TransportTest, ClosingEndsAFlushAndAWrite) {
  Pair pair;
  Transport transport = over(pair);
  fill(transport);
  int ended = 0;
  transport.async_flush([&](error_code failed) { ended += failed ? 1 : 0; });
  transport.async_write_some(asio::buffer("pong", 4), [&](error_code failed, std::size_t) { ended += failed ? 1 : 0; });
  context_.poll();
  transport.close();
  context_.restart();
  context_.run();
  EXPECT_EQ(ended, 2);
}

TEST_F(TransportTest, WhatIsCorkedLeavesTogether) {
  Pair pair;
  Transport transport = over(pair);
  const std::string first = "first, ";
  const std::string second = "second";
  error_code error;
  transport.pipe().cork();
  EXPECT_EQ(transport.write_some(asio::buffer(first), error), first.size());
  EXPECT_EQ(transport.write_some(asio::buffer(second), error), second.size());
  EXPECT_EQ(transport.pipe().corked(), first.size() + second.size());
  EXPECT_EQ(received(pair.far), "");
  EXPECT_FALSE(transport.pipe().uncork());
  EXPECT_EQ(received(pair.far), "first, second");
  EXPECT_EQ(transport.pipe().corked(), 0U);
  EXPECT_TRUE(scratch_.ciphertext().empty());
}

}  // namespace
}  // namespace lethe::net
