#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

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
      pipe->readable();
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
  pipe->readable();
  ASSERT_EQ(pipe->read(std::span{bytes}.first(half)).bytes, half);
  wipe(std::span{bytes});
  constexpr std::size_t registers = 32 * 64;   // saved on the stack by a library's first call, with what they last moved
  EXPECT_GE(mark.copies(), half / mark.size);
  EXPECT_LE(mark.copies(), (half + registers) / mark.size);
}

#endif

}  // namespace
}  // namespace lethe::net
