#include "ops/endpoint.hpp"

#include <gtest/gtest.h>

namespace lethe::ops {
namespace {

TEST(Endpoint, IsReadAndWrittenAlike) {
  for (const auto* text : {"127.0.0.1:8443", "0.0.0.0:0", "[::1]:65535", "[2001:db8::7]:1"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(to_string(*endpoint), text);
  }
  EXPECT_EQ(*parse_endpoint("[::1]:443"), (Endpoint{"::1", 443}));
}

TEST(Endpoint, IsRefusedInAnyOtherForm) {
  for (const auto* text : {"", ":", "8443", ":8443", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
                           "127.0.0.1:1 ", "127.0.0.1: 1", "127.0.0.1:0x1", "::1:8443", "[::1]", "[::1]8443", "[127.0.0.1]:1",
                           "localhost:8443", "*:8443", "127.0.0.1:99999999999", "[]:1", "[:1", "127.1:1"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
  EXPECT_FALSE(parse_endpoint(std::string_view{"127.0.0.1\0:1", 12}));
}

TEST(Network, IsAnAddressWithOrWithoutAPrefixLength) {
  for (const auto* text : {"10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.1/32", "::1", "2001:db8::/32", "::/128"}) {
    EXPECT_TRUE(is_network(text)) << text;
  }
  for (const auto* text : {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0/8", "proxy", "10.0.0.0/8/8"}) {
    EXPECT_FALSE(is_network(text)) << text;
  }
}

}  // namespace
}  // namespace lethe::ops
