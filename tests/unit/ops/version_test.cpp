#include "ops/version.hpp"

#include <regex>

#include <gtest/gtest.h>

namespace lethe::ops {
namespace {

TEST(Version, IsThatOfTheProject) {
  EXPECT_TRUE(std::regex_match(std::string{version()}, std::regex{"\\d+\\.\\d+\\.\\d+"})) << version();
}

TEST(Version, NamesTheRevision) {
  EXPECT_TRUE(std::regex_match(std::string{revision()}, std::regex{"unknown|[0-9a-f]{12,40}(\\+changes)?"})) << revision();
}

TEST(Version, NamesTheBuild) {
  EXPECT_TRUE(std::regex_match(build_id(), std::regex{"[0-9a-f]{16,}"})) << build_id();
  EXPECT_EQ(build_id(), build_id());
}

TEST(Version, IsOneLine) { EXPECT_EQ(version_line().find('\n'), std::string::npos); }

}  // namespace
}  // namespace lethe::ops
