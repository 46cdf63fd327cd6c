#pragma once
// A numeric address with a port, as an operator writes it: 127.0.0.1:8443 or [::1]:8443. Names are not resolved: a relay
// says where it listens.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lethe::ops {

struct Endpoint {
  std::string address;      // without brackets
  std::uint16_t port = 0;   // 0: any free one
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

std::optional<Endpoint> parse_endpoint(std::string_view text);
// The form that parse_endpoint reads.
std::string to_string(const Endpoint& endpoint);

// An IPv4 or IPv6 address in numbers.
bool is_address(std::string_view text);
// An address, or a network such as 10.0.0.0/8 (RFC 4632, RFC 4291 section 2.3).
bool is_network(std::string_view text);

}  // namespace lethe::ops
