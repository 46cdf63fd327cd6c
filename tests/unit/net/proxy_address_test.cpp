#include "net/proxy_address.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace lethe::net {
namespace {

using boost::asio::ip::make_address;

std::string client(const TrustedProxies& proxies, const char* peer, const char* forwarded) {
  return proxies.client(make_address(peer), forwarded).to_string();
}

TEST(TrustedProxies, BelieveNobodyWhoIsNotListed) {
  const TrustedProxies none{{}};
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(client(none, "10.0.0.1", "203.0.113.9"), "10.0.0.1");
  const TrustedProxies other{{"10.0.0.0/24"}};
  EXPECT_EQ(client(other, "10.0.1.1", "203.0.113.9"), "10.0.1.1");
}

TEST(TrustedProxies, TakeTheLastEntryThatIsNoProxy) {
  const TrustedProxies proxies{{"10.0.0.0/8", "2001:db8::1"}};
  EXPECT_EQ(client(proxies, "10.1.2.3", "203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(client(proxies, "10.1.2.3", "198.51.100.1, 203.0.113.9, 10.9.9.9"), "203.0.113.9");
  EXPECT_EQ(client(proxies, "2001:db8::1", "198.51.100.7"), "198.51.100.7");
  EXPECT_EQ(client(proxies, "::ffff:10.1.2.3", "203.0.113.9"), "203.0.113.9") << "IPv4 mapped into IPv6";
}

TEST(TrustedProxies, DoNotFollowAClientsOwnInvention) {
  const TrustedProxies proxies{{"10.0.0.1"}};
  EXPECT_EQ(client(proxies, "10.0.0.1", "10.0.0.1, 203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(client(proxies, "10.0.0.1", ""), "10.0.0.1");
  EXPECT_EQ(client(proxies, "10.0.0.1", "not an address"), "10.0.0.1");
  EXPECT_EQ(client(proxies, "10.0.0.1", "203.0.113.9, unknown"), "10.0.0.1");
}

TEST(TrustedProxies, RefuseWhatIsNoNetwork) {
  for (const char* text : {"proxy.example", "10.0.0.0/33", "", "10.0.0.1/", "::1/129"}) {
    EXPECT_THROW(TrustedProxies{std::vector<std::string>{text}}, std::runtime_error) << text;
  }
}

TEST(TrustedProxies, GiveRawBytesInNetworkOrder) {
  EXPECT_EQ(raw_bytes(make_address("1.2.3.4")), (std::vector<std::uint8_t>{1, 2, 3, 4}));
  EXPECT_EQ(raw_bytes(make_address("::1")).size(), 16U);
}

}  // namespace
}  // namespace lethe::net
