#pragma once
// What an admission token says, apart from how it is signed. Pure functions, any thread.
#include <cstdint>
#include <optional>
#include <string_view>

#include <lethe/base/ids.hpp>
#include <lethe/base/limits.hpp>
#include <lethe/base/result.hpp>
#include <lethe/base/time.hpp>

namespace lethe::identity {

// What the operator grants to an admitted device.
struct Claims {
  std::optional<Wall> expires;                      // `exp`; none where the relay is open
  std::optional<std::uint32_t> sends_per_second;    // in place of SessionLimits' default
  std::optional<ByteCount> bytes_per_second;        // in place of SessionLimits' default
};

// Checks the JOSE header (JSON text): `alg` must be exactly `algorithm`, and `crit` must be absent, for no extension is
// understood (RFC 7515, 4.1.11). Errors: token_malformed, token_algorithm.
Result<void> check_token_header(std::string_view json, std::string_view algorithm);

// Reads the claims (JSON text, RFC 7519) of a token whose signature is proven:
// - `sub`, required: the device's address as base64url, else token_subject;
// - `exp`, required, and `nbf`, optional: Unix seconds from 0 to the year 9999; a fraction is dropped; no leeway;
// - `quota`, optional: {"sends_per_second":n,"bytes_per_second":n}, each optional, whole, from 1 to 2^32-1 and 2^53.
// Other claims are ignored; nesting deeper than 8 is token_malformed. Whatever is missing or of another type is token_claims.
Result<Claims> read_token_claims(std::string_view json, const Address& device, Wall now);

}  // namespace lethe::identity
