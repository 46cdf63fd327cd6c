#include "net/transport.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <string>
#include <vector>

#include <lethe/base/wipe.hpp>

#include "base/zero.hpp"
#include "net/accept_from.hpp"
#include "net/readiness.hpp"
#include "support/own_memory.hpp"

namespace lethe::net {
namespace {

// A transport without TLS, and the other end of its connection.
class TransportWipe : public testing::Test {
 protected:
  TransportWipe() {
    asio::ip::tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    peer.connect(acceptor.local_endpoint());
    acceptor.native_non_blocking(true);
    transport.emplace(accept_from(acceptor.native_handle()).value().socket, readiness, nullptr, scratch);
  }

  struct Outcome {
    bool done = false;
    error_code error;
    std::size_t bytes = 0;
  };
  auto into(Outcome& outcome) {
    return [&outcome](error_code error, std::size_t bytes) { outcome = {true, error, bytes}; };
  }
  void run_until(const bool& done) {
    while (!done) context.run_one();
  }
  std::string heard(std::size_t size) {
    std::string text(size, '\0');
    asio::read(peer, asio::buffer(text));
    return text;
  }

  asio::io_context context;
  Readiness readiness{context};
  TransitBudget budget{64 << 20};
  ScratchPool scratch{budget, 65'536};
  asio::ip::tcp::socket peer{context};
  std::optional<Transport> transport;
};

TEST_F(TransportWipe, AReadOverwritesAllThatItMayFillFirst) {
  std::vector<std::uint8_t> first(100, 0xee);
  std::vector<std::uint8_t> second(50, 0xee);
  const std::array<asio::mutable_buffer, 2> parts{asio::buffer(first), asio::buffer(second)};
  Outcome read;
  transport->async_read_some(parts, into(read));
  EXPECT_TRUE(all_zero(first));
  EXPECT_TRUE(all_zero(second)) << "though the read itself fills only the first";
  asio::write(peer, asio::buffer("abc", 3));
  run_until(read.done);
  EXPECT_EQ(read.bytes, 3U);
  EXPECT_EQ(first[2], 'c');
}

TEST_F(TransportWipe, LeavesTheSessionsOwnMemoryToIt) {
  std::vector<std::uint8_t> lease(100, 0xee);
  transport->own(lease);
  Outcome read;
  transport->async_read_some(asio::buffer(lease.data() + 40, 60), into(read));
  EXPECT_EQ(std::count(lease.begin(), lease.end(), 0xee), 100);
  transport->close();
  run_until(read.done);
}

TEST_F(TransportWipe, TakingLeaveOverwritesWhatWasRead) {
  std::vector<std::uint8_t> stream_buffer(100);
  std::vector<std::uint8_t> own(100, 0xee);
  transport->remember_reads();
  transport->own(own);
  const auto read_to = [&](std::size_t from, std::size_t size, std::string_view said) {
    Outcome read;
    transport->async_read_some(asio::buffer(stream_buffer.data() + from, size), into(read));
    asio::write(peer, asio::buffer(said.data(), said.size()));
    run_until(read.done);
  };
  read_to(20, 30, "the head of a frame");
  read_to(60, 40, "the rest");
  EXPECT_EQ(stream_buffer[20], 't');
  bool gone = false;
  transport->async_goodbye([&gone](error_code) { gone = true; });
  EXPECT_TRUE(all_zero(std::span{stream_buffer}));
  EXPECT_TRUE(all_zero(std::span{own}));
  peer.close();
  run_until(gone);
}

TEST_F(TransportWipe, AControlFrameIsOverwrittenWhenItIsWritten) {
  transport->remember_reads();
  std::string pong = "what the ping said";
  Outcome write;
  transport->async_write_some(asio::buffer(pong), into(write));
  run_until(write.done);
  EXPECT_EQ(heard(18), "what the ping said");
  EXPECT_EQ(pong, std::string(18, '\0'));
}

#ifdef LETHE_MEMORY_CAN_BE_SEARCHED
TEST_F(TransportWipe, WhatHasLeftIsOverwrittenThoughTheRestWaits) {
  const test::MemoryMark mark;
  constexpr std::size_t size = 16 << 20;
  std::vector<std::uint8_t> output(size);
  mark.write(output);
  transport->pipe().write(std::array{TlsPipe::Part{output}});
  wipe(std::span{output});
  ASSERT_TRUE(transport->blocked());
  const std::size_t waiting = transport->pipe().waiting();
  EXPECT_GE(mark.copies(), waiting / mark.size);
  std::vector<std::uint8_t> taken(transport->pipe().sent());
  asio::read(peer, asio::buffer(taken));
  wipe(std::span{taken});
  EXPECT_EQ(transport->pipe().flush(), asio::error::would_block);
  const std::size_t left = transport->pipe().waiting();
  // The first call of a library's function saves the vector registers on the stack, with what they last moved.
  constexpr std::size_t registers = 32 * 64;
  ASSERT_LT(left + 8 * registers, waiting);
  EXPECT_LE(mark.copies(), (left + registers) / mark.size);
}

#endif

}  // namespace
}  // namespace lethe::net
