#include "net/accept_from.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace lethe::net {
namespace {

using boost::asio::ip::tcp;

class AcceptFrom : public testing::TestWithParam<const char*> {};

TEST_P(AcceptFrom, TakesWhoWaitsAndSaysWhereItComesFrom) {
  boost::asio::io_context context;
  const auto address = boost::asio::ip::make_address(GetParam());
  tcp::acceptor acceptor{context, {address, 0}};
  acceptor.native_non_blocking(true);
  EXPECT_EQ(accept_from(acceptor.native_handle()).error(), boost::asio::error::would_block);

  tcp::socket client{context};
  client.connect(acceptor.local_endpoint());
  const Result<Accepted> accepted = accept_from(acceptor.native_handle());
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->peer, address);
  EXPECT_NE(::fcntl(accepted->socket.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(accepted->socket.get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_FALSE(accept_from(acceptor.native_handle()));
}

INSTANTIATE_TEST_SUITE_P(Families, AcceptFrom, testing::Values("127.0.0.1", "::1"));

TEST(AcceptFromClosed, SaysWhatIsWrong) {
  EXPECT_EQ(accept_from(-1).error(), boost::asio::error::bad_descriptor);
}

}  // namespace
}  // namespace lethe::net
