#include <gtest/gtest.h>
#include <lethe/client/base64url.hpp>

#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;

TEST(Base64url, WritesTheVectorsOfRfc4648) {
  EXPECT_EQ(to_base64url(bytes_of("")), "");
  EXPECT_EQ(to_base64url(bytes_of("f")), "Zg");
  EXPECT_EQ(to_base64url(bytes_of("fo")), "Zm8");
  EXPECT_EQ(to_base64url(bytes_of("foobar")), "Zm9vYmFy");
  EXPECT_EQ(to_base64url(unhex("fbff")), "-_8");
}

TEST(Base64url, ReadsWhatItWrites) {
  for (std::size_t size = 0; size < 70; ++size) {
    const auto bytes = counting(size, 0xC0);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes) << size;
  }
}

TEST(Base64url, RefusesEverySecondSpellingOfAValue) {
  EXPECT_FALSE(from_base64url("Zg=="));
  EXPECT_FALSE(from_base64url("Zh"));  // bits behind the last byte
  EXPECT_FALSE(from_base64url("Zm9vY"));
  EXPECT_FALSE(from_base64url("+/8A"));
  EXPECT_FALSE(from_base64url("Zm 8"));
}

}  // namespace lethe::client
