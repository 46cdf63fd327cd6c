#pragma once
// Which address a connection comes from when a TLS-terminating proxy stands before the relay. Only proxies that the
// operator trusts are believed; the address is used for the limits of its prefix and kept nowhere.
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::net {

class TrustedProxies {
 public:
  // Numeric addresses or networks in CIDR form. Throws std::runtime_error naming the option for anything else.
  explicit TrustedProxies(const std::vector<std::string>& networks);

  bool empty() const noexcept { return v4_.empty() && v6_.empty(); }
  bool trusts(const boost::asio::ip::address& peer) const;
  // The client's address: the last entry of X-Forwarded-For that is no trusted proxy; `peer` itself where it isn't trusted
  // or says nothing usable.
  boost::asio::ip::address client(const boost::asio::ip::address& peer, std::string_view forwarded_for) const;

 private:
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

// 4 or 16 bytes in network order.
std::vector<std::uint8_t> raw_bytes(const boost::asio::ip::address& address);

}  // namespace lethe::net
