#include "ops/options_page.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/options.hpp"

namespace lethe::ops {
namespace {

using ::testing::HasSubstr;

TEST(OptionsPage, IsTheCommittedOne) {
  const auto path = std::filesystem::path{__FILE__}.parent_path() / "../../../docs/configuration.md";
  std::ifstream file{path};
  ASSERT_TRUE(file) << path;
  std::ostringstream committed;
  committed << file.rdbuf();
  EXPECT_TRUE(committed.str() == options_page()) << "docs/configuration.md: write it again with lethe --print-options-page";
}

TEST(OptionsPage, HasOneRowForEveryOption) {
  const auto page = options_page();
  for (const Option& option : options()) {
    const auto row = "\n| `" + std::string{option.name} + "` |";
    EXPECT_THAT(page, HasSubstr(row));
    EXPECT_EQ(page.find(row), page.rfind(row)) << option.name;
  }
}

}  // namespace
}  // namespace lethe::ops
