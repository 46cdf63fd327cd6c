#include "base/thread.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <utility>

namespace lethe {
namespace {

TEST(Thread, RunsItsBodyOnASmallStackUntilItIsJoined) {
  std::size_t size = 0;
  Thread first{[&size] {
    pthread_attr_t attributes;
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return;
    ::pthread_attr_getstacksize(&attributes, &size);
    ::pthread_attr_destroy(&attributes);
  }};
  Thread moved{std::move(first)};
  EXPECT_FALSE(first.joinable());
  ASSERT_TRUE(moved.joinable());
  moved.join();
  EXPECT_FALSE(moved.joinable());
  EXPECT_EQ(size, Thread::stack_size);
}

TEST(ThreadDeathTest, MustBeJoined) {
  EXPECT_DEATH({ Thread thread{[] {}}; }, "joinable");
}

}  // namespace
}  // namespace lethe
