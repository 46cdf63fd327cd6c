#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <memory>
#include <stdexcept>
#include <vector>

#include <lethe/base/wipe.hpp>

#include "net/memory_budget.hpp"
#include "net/scratch.hpp"
#include "net/tls_context.hpp"
#include "net/tls_pipe.hpp"
#include "support/own_memory.hpp"

namespace lethe::net {
namespace {

#ifdef LETHE_MEMORY_CAN_BE_SEARCHED

// A pipe whose handshake is done, and OpenSSL's client at the other end.
class TlsWipe : public testing::Test {
 protected:
  TlsWipe() {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) != 0) throw std::runtime_error{"socketpair"};
    pipe = std::make_unique<TlsPipe>(ends[0], context.native(), scratch);
    client.reset(SSL_new(client_context.get()));
    SSL_set_fd(client.get(), ends[1]);
    for (int step = 0; step < 10 && SSL_is_init_finished(client.get()) != 1; ++step) {
      SSL_connect(client.get());
      pipe->readable(false);
      pipe->handshake();
    }
  }
  ~TlsWipe() override {
    pipe.reset();
    for (const int end : ends) ::close(end);
  }

  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* made) const { SSL_CTX_free(made); }
  };
  std::array<int, 2> ends{-1, -1};
  TransitBudget budget{8'000'000};
  ScratchPool scratch{budget, 70'000};
  TlsContext context{TlsOptions{}};
  std::unique_ptr<TlsPipe> pipe;
  std::unique_ptr<SSL_CTX, Free> client_context{SSL_CTX_new(TLS_client_method())};
  std::unique_ptr<SSL, Free> client;
};

// A session that pauses in the middle of a record keeps the rest of it, and no more.
TEST_F(TlsWipe, WhatWasReadOfARecordIsOverwrittenThoughItsRestWaits) {
  ASSERT_TRUE(SSL_is_init_finished(client.get()));
  const test::MemoryMark mark;
  constexpr std::size_t record = 16'384;
  constexpr std::size_t half = record / 2;
  std::vector<std::uint8_t> bytes(record);
  mark.write(bytes);
  ASSERT_EQ(SSL_write(client.get(), bytes.data(), record), static_cast<int>(record));
  wipe(std::span{bytes});
  pipe->readable(false);
  ASSERT_EQ(pipe->read(std::span{bytes}.first(half)).bytes, half);
  wipe(std::span{bytes});
  constexpr std::size_t registers = 32 * 64;   // saved on the stack by a library's first call, with what they last moved
  EXPECT_GE(mark.copies(), half / mark.size);
  EXPECT_LE(mark.copies(), (half + registers) / mark.size);
}

// The beginning of the record came before: what of it doesn't fit isn't known from what comes now.
TEST_F(TlsWipe, NorDoesItKeepWhatWasReadOfARecordThatCameInParts) {
  ASSERT_TRUE(SSL_is_init_finished(client.get()));
  const test::MemoryMark mark;
  constexpr std::size_t record = 16'384;
  constexpr std::size_t most = record - 512;
  std::vector<std::uint8_t> bytes(record);
  mark.write(bytes);
  SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  ASSERT_EQ(SSL_write(client.get(), bytes.data(), record), static_cast<int>(record));
  wipe(std::span{bytes});
  std::vector<std::uint8_t> sealed(record + 256);
  const int size = BIO_read(SSL_get_wbio(client.get()), sealed.data(), static_cast<int>(sealed.size()));
  ASSERT_GT(size, static_cast<int>(record));
  ASSERT_EQ(::send(ends[1], sealed.data(), 8'000, 0), 8'000);
  pipe->readable(false);
  EXPECT_EQ(pipe->read(std::span{bytes}.first(most)).error, boost::asio::error::would_block);
  ASSERT_EQ(::send(ends[1], sealed.data() + 8'000, static_cast<std::size_t>(size) - 8'000, 0), size - 8'000);
  pipe->readable(false);
  ASSERT_EQ(pipe->read(std::span{bytes}.first(most)).bytes, most);
  wipe(std::span{bytes});
  constexpr std::size_t registers = 32 * 64;
  EXPECT_LE(mark.copies(), (record - most + registers) / mark.size);
}

// A client that says a message and the beginning of another, and then nothing: OpenSSL keeps its buffer.
TEST_F(TlsWipe, NorARecordBehindWhichAnotherBegins) {
  ASSERT_TRUE(SSL_is_init_finished(client.get()));
  const test::MemoryMark mark;
  constexpr std::size_t record = 4'096;
  std::vector<std::uint8_t> bytes(record);
  mark.write(bytes);
  SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  for (int n = 0; n < 2; ++n) ASSERT_EQ(SSL_write(client.get(), bytes.data(), record), static_cast<int>(record));
  wipe(std::span{bytes});
  std::vector<std::uint8_t> sealed(2 * record + 256);
  const int both = BIO_read(SSL_get_wbio(client.get()), sealed.data(), static_cast<int>(sealed.size()));
  const int some = both / 2 + 8;
  ASSERT_EQ(::send(ends[1], sealed.data(), static_cast<std::size_t>(some), 0), some);
  bytes.resize(2 * record);
  pipe->readable(false);
  ASSERT_EQ(pipe->read(bytes).bytes, record);
  wipe(std::span{bytes});
  constexpr std::size_t registers = 32 * 64;
  EXPECT_LE(mark.copies(), registers / mark.size);
}

TEST_F(TlsWipe, TheHeadOfAFrameJoinsItsMessageAndLeavesWithIt) {
  ASSERT_TRUE(SSL_is_init_finished(client.get()));
  const test::MemoryMark mark;
  constexpr std::size_t size = 20'000;   // more than a record
  {
    Lease lease = scratch.lease();
    mark.write(lease.bytes().first(size));
    lease.used = size;
    const std::array<std::uint8_t, 4> head{1, 2, 3, 4};
    const std::array<TlsPipe::Part, 2> parts{TlsPipe::Part{head}, TlsPipe::Part{lease.bytes().first(size)}};
    pipe->lead(lease.lead());
    EXPECT_EQ(pipe->write(parts).bytes, size + head.size());
    EXPECT_TRUE(std::ranges::equal(lease.lead().last(head.size()), head)) << "it has moved";
  }
  constexpr std::size_t registers = 32 * 64;
  EXPECT_LE(mark.copies(), registers / mark.size);
  std::vector<std::uint8_t> heard(size + 4);
  std::size_t got = 0;
  for (std::size_t some = 0; got < heard.size(); got += some) {
    ASSERT_EQ(SSL_read_ex(client.get(), heard.data() + got, heard.size() - got, &some), 1);
  }
  EXPECT_EQ(heard[0], 1);
  EXPECT_EQ(heard[3], 4);
  EXPECT_GE(mark.copies(), size / mark.size) << "which the client has heard";
}

#endif

}  // namespace
}  // namespace lethe::net
