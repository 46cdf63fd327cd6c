#include "audit/stage/image.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace lethe::audit {
namespace {

// The files of an image as far as its settings speak of them.
class ImageSettings : public testing::Test {
 protected:
  ImageSettings() {
    std::filesystem::create_directories(root_ + "/usr/local/bin");
    std::filesystem::create_directories(root_ + "/etc");
    std::ofstream{root_ + "/usr/local/bin/lethe"} << "program";
    std::ofstream{root_ + "/etc/passwd"} << "root:x:0:0::/:/bin/sh\nlethe:x:10001:10002::/:/bin/false\n";
  }
  ~ImageSettings() override { std::filesystem::remove_all(root_); }

  static std::string make_root() {
    std::string path = testing::TempDir() + "image-XXXXXX";
    return ::mkdtemp(path.data());
  }

  std::string root_ = make_root();
};

TEST_F(ImageSettings, BecomeALaunch) {
  const Launch launch = read_image_settings(R"([{"Id":"1","Config":{"Entrypoint":["lethe"],"Cmd":["--admin","127.0.0.1:9443"],
    "Env":["PATH=/usr/local/bin:/bin","A=b"],"User":"10001:10003","WorkingDir":"/srv"}}])", root_);
  EXPECT_EQ(launch.root, root_);
  EXPECT_EQ(launch.program, "/usr/local/bin/lethe");
  EXPECT_EQ(launch.arguments, (std::vector<std::string>{"--admin", "127.0.0.1:9443"}));
  EXPECT_EQ(launch.environment.size(), 2U);
  EXPECT_EQ(launch.user, 10001U);
  EXPECT_EQ(launch.group, 10003U);
  EXPECT_EQ(launch.working_directory, "/srv");
}

TEST_F(ImageSettings, NameUsersAsTheImageDoes) {
  const Launch launch = read_image_settings(R"([{"Config":{"Cmd":["/usr/local/bin/lethe"],"User":"lethe"}}])", root_);
  EXPECT_EQ(launch.user, 10001U);
  EXPECT_EQ(launch.group, 10002U);
}

TEST_F(ImageSettings, AreRefusedWhereTheyNameNothingToRun) {
  for (const char* const inspected : {"", "[]", "{}", R"([{"Config":{}}])", R"([{"Config":{"Cmd":["nothing"]}}])",
                                      R"([{"Config":{"Cmd":["/usr/local/bin/lethe"],"User":"nobody"}}])"}) {
    EXPECT_THROW(read_image_settings(inspected, root_), std::runtime_error) << inspected;
  }
}

}  // namespace
}  // namespace lethe::audit
