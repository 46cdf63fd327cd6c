#include "net/ask_readiness.hpp"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <string_view>
#include <thread>

namespace lethe::net {
namespace {

using namespace std::chrono_literals;
constexpr auto patience = 20s;

// Admin pages in a thread of their own.
class Pages {
 public:
  explicit Pages(const char* address, Readiness readiness)
      : admin_{context_, {[readiness] { return readiness; }, [] { return std::string{}; }}}, port_{admin_.listen(address, 0)} {}
  ~Pages() {
    context_.stop();
    thread_.join();
  }
  std::uint16_t port() const { return port_; }

 private:
  asio::io_context context_{1};
  Admin admin_;
  std::uint16_t port_;
  std::thread thread_{[this] {
    admin_.serve();
    context_.run();
  }};
};

TEST(Readiness, IsWhatTheAdminPagesSay) {
  for (const Readiness readiness : {Readiness::ready, Readiness::degraded, Readiness::draining}) {
    const Pages pages{"127.0.0.1", readiness};
    const Result<Readiness> said = ask_readiness("127.0.0.1", pages.port(), patience);
    ASSERT_TRUE(said) << said.error().message();
    EXPECT_EQ(*said, readiness);
  }
}

TEST(Readiness, IsAskedOfThisMachineWhereThePagesAreOnEveryAddress) {
  const Pages pages{"0.0.0.0", Readiness::ready};
  EXPECT_EQ(ask_readiness("0.0.0.0", pages.port(), patience).value(), Readiness::ready);
}

// Listens, and does with each connection what a test says.
class Stranger {
 public:
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  void answer(std::string_view text) {
    auto socket = acceptor_.accept();
    asio::write(socket, asio::buffer(text));
  }

 private:
  asio::io_context context_;
  tcp::acceptor acceptor_{context_, {asio::ip::make_address("127.0.0.1"), 0}};
};

TEST(Readiness, IsNotKnownWhereNobodyListens) {
  std::uint16_t port = 0;
  {
    const Stranger gone;
    port = gone.port();
  }
  EXPECT_EQ(ask_readiness("127.0.0.1", port, patience).error(), asio::error::connection_refused);
}

TEST(Readiness, IsNotKnownWhereSomethingElseAnswers) {
  for (const std::string_view text : {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n", "HTTP/1.1 503 No\r\nContent-Length: 6\r\n\r\nready\n", "SSH-2.0\r\n\r\n"}) {
    Stranger stranger;
    std::thread answering{[&] { stranger.answer(text); }};
    EXPECT_EQ(ask_readiness("127.0.0.1", stranger.port(), patience).error(), boost::system::errc::protocol_error) << text;
    answering.join();
  }
}

TEST(Readiness, IsNotWaitedForLongerThanItsPatience) {
  const Stranger silent;
  EXPECT_EQ(ask_readiness("127.0.0.1", silent.port(), 50ms).error(), asio::error::timed_out);
}

}  // namespace
}  // namespace lethe::net
