#include "audit/stage/turn.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <optional>

namespace lethe::audit {
namespace {

TEST(Turn, IsOneAuditsAtATime) {
  if (::geteuid() != 0) GTEST_SKIP() << "SKIPPED: needs root, who alone changes what is the machine's";
  std::optional<Turn> first{std::in_place};
  std::future<void> second = std::async(std::launch::async, [] { const Turn waited; });
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds{300}), std::future_status::timeout);
  first.reset();
  second.get();
}

}  // namespace
}  // namespace lethe::audit
