#pragma once
// The proof that a device holds its key (docs/protocol.md, «The session», step 2). Pure functions, any thread.
//
//   "lethe/v1/auth" | 0 | relay name | 0 | nonce (32) [ | TLS exporter (32) ]
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <lethe/base/ids.hpp>

namespace lethe::identity {

// The 32 bytes of RFC 9266's exporter of the connection, where the client gave `"binding":"tls-exporter"`.
using TlsExporter = std::span<const std::uint8_t, 32>;

// The bytes that a device signs. Precondition: `relay_name` holds no zero byte (the configuration sees to it).
std::vector<std::uint8_t> auth_message(std::string_view relay_name, const Nonce& nonce, std::optional<TlsExporter> exporter);

// True if `signature` is the device's over exactly these bytes. `nonce` is the one that this connection's `hello` named;
// that it is used once is the caller's care. False for keys that acceptable_key() refuses.
bool verify_auth(std::string_view relay_name, const Nonce& nonce, std::optional<TlsExporter> exporter, const Address& device,
                 const Signature& signature);

}  // namespace lethe::identity
