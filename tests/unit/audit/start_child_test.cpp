#include "audit/stage/start_child.hpp"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/stage/run_to_end.hpp"

namespace lethe::audit {
namespace {

// This machine's files as those of an image whose user is a number.
Ended in_image(const std::string& script) {
  Launch launch;
  launch.program = "/bin/sh";
  launch.arguments = {"-c", script};
  launch.root = "/";
  launch.user = 65'532;
  launch.group = 65'533;
  return run_to_end(launch);
}

TEST(ImagesUser, IsWhoRunsInItsRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  EXPECT_EQ(in_image("id -u; id -g; id -G").out, "65532\n65533\n65533\n");
}

// CAP_IPC_LOCK is bit 14 of the mask; without the limit it isn't kept.
TEST(ImagesUser, MayLockMemoryAndHasNoOtherCapability) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const std::string nothing = "0000000000000000\n", locking = "0000000000004000\n";
  const Ended ended = in_image("ulimit -l; grep ^Cap /proc/self/status | cut -f 2");   // inheritable, permitted, effective, bounding, ambient
  EXPECT_THAT(ended.out, testing::AnyOf("unlimited\n" + nothing + nothing + nothing + nothing + nothing,
                                        testing::MatchesRegex("[0-9]+\n" + locking + locking + locking + nothing + locking)))
      << ended.err;
}

}  // namespace
}  // namespace lethe::audit
