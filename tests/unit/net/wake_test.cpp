#include "net/wake.hpp"

#include <gtest/gtest.h>

namespace lethe::net {
namespace {

TEST(Wake, EndsTheWaitFromTheLoop) {
  asio::io_context context{1};
  Wake wake{context.get_executor()};
  int woken = 0;
  wake.async_wait([&woken](error_code error) { woken += error ? 0 : 1; });
  wake.call();
  wake.call();
  EXPECT_EQ(woken, 0);
  context.run();
  EXPECT_EQ(woken, 1);
}

TEST(Wake, ForgetsACallThatFindsNobody) {
  asio::io_context context{1};
  Wake wake{context.get_executor()};
  wake.call();
  bool woken = false;
  wake.async_wait([&woken](error_code) { woken = true; });
  context.poll();
  EXPECT_FALSE(woken);
  wake.call();
  context.restart();
  context.run();
  EXPECT_TRUE(woken);
}

}  // namespace
}  // namespace lethe::net
