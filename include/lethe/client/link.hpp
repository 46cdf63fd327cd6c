#pragma once
// The shareable link: where a mailbox is and the invite to it.
//   lethe://host:port/<address>[?pin=<fingerprint>][&name=<relay name>]#<invite>
// Address, fingerprint (SHA-256 of the DER certificate) and invite are base64url. The invite stands behind the `#`, which
// programs do not send to servers. Whoever holds the link may send: treat it like a phone number one gives out.
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <lethe/client/invite.hpp>

namespace lethe::client {

using Fingerprint = FixedBytes<struct FingerprintTag, 32>;

// host:port as one dials it. An IPv6 address stands in brackets in text and without them here.
struct Endpoint {
  std::string host;
  std::uint16_t port = 443;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

struct Link {
  Endpoint relay;
  Address address;
  std::optional<InviteBytes> invite;
  std::optional<Fingerprint> pin;
  std::string relay_name;  // empty: the host
};

Result<Link> parse_link(std::string_view text);
std::string format_link(const Link& link);

// `host`, `host:port`, `[v6]:port`, each also with `lethe://` before it and with `?pin=…&name=…` behind it.
struct RelayReference {
  Endpoint relay;
  std::optional<Fingerprint> pin;
  std::string relay_name;
};
Result<RelayReference> parse_relay(std::string_view text);
std::string format_endpoint(const Endpoint& endpoint);

// 64 hex digits (also with colons) or 43 characters of base64url.
Result<Fingerprint> parse_fingerprint(std::string_view text);

}  // namespace lethe::client
