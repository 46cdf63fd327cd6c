#include "ops/secret_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "support/temporary_directory.hpp"

namespace lethe::ops {
namespace {

class SecretFile : public testing::Test {
 protected:
  std::string write(const std::string& text) const {
    std::ofstream{directory / "file"} << text;
    return directory / "file";
  }
  const lethe::test::TemporaryDirectory directory;
};

TEST_F(SecretFile, GivesItsBytes) {
  const auto text = read_secret_file(write("PEM\n"), 4);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "PEM\n");
}

TEST_F(SecretFile, IsRefusedWhereItIsTooLongOrEmpty) {
  EXPECT_EQ(read_secret_file(write("12345"), 4).error().value(), EFBIG);
  EXPECT_EQ(read_secret_file(write(""), 4).error().value(), EINVAL);
}

TEST_F(SecretFile, IsRefusedWhereItIsNoFile) {
  EXPECT_EQ(read_secret_file(directory / "absent", 4).error().value(), ENOENT);
  EXPECT_EQ(read_secret_file(directory.path(), 4).error().value(), EINVAL);
  const std::string pipe = directory / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read_secret_file(pipe, 4).error().value(), EINVAL);   // and doesn't wait for a writer
}

TEST_F(SecretFile, IsOverwrittenWhenItIsForgotten) {
  std::string secret = "a secret that is longer than a short string's own room";
  const char* const at = secret.data();
  const std::size_t size = secret.size();
  forget(secret);
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(secret.data(), at);
  for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(at[i], '\0');
}

}  // namespace
}  // namespace lethe::ops
