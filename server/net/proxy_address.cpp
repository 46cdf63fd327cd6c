#include "net/proxy_address.hpp"

#include <algorithm>
#include <stdexcept>

namespace lethe::net {
namespace {

namespace ip = boost::asio::ip;

ip::address unmapped(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    boost::system::error_code error;
    const bool network = text.find('/') != std::string::npos;
    if (const auto v4 = ip::make_network_v4(network ? text : text + "/32", error); !error) {
      v4_.push_back(v4.canonical());
    } else if (const auto v6 = ip::make_network_v6(network ? text : text + "/128", error); !error) {
      v6_.push_back(v6.canonical());
    } else {
      throw std::runtime_error{"tls.trusted_proxies: every entry must be a numeric address or a network such as 10.0.0.0/8"};
    }
  }
}

bool TrustedProxies::trusts(const ip::address& peer) const {
  const ip::address plain = unmapped(peer);
  if (plain.is_v4()) {
    const auto holds = [&](const ip::network_v4& network) {
      return ip::network_v4{plain.to_v4(), network.prefix_length()}.canonical() == network;
    };
    return std::any_of(v4_.begin(), v4_.end(), holds);
  }
  const auto holds = [&](const ip::network_v6& network) {
    return ip::network_v6{plain.to_v6(), network.prefix_length()}.canonical() == network;
  };
  return std::any_of(v6_.begin(), v6_.end(), holds);
}

ip::address TrustedProxies::client(const ip::address& peer, std::string_view forwarded_for) const {
  if (!trusts(peer)) return peer;
  ip::address nearest = peer;
  while (!forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string_view entry = trimmed(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    boost::system::error_code error;
    const ip::address named = ip::make_address(entry, error);
    if (error) return nearest;
    nearest = named;
    if (!trusts(named) || comma == std::string_view::npos) return nearest;
    forwarded_for = forwarded_for.substr(0, comma);
  }
  return nearest;
}

std::vector<std::uint8_t> raw_bytes(const ip::address& address) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  const auto bytes = address.to_v6().to_bytes();
  return {bytes.begin(), bytes.end()};
}

}  // namespace lethe::net
