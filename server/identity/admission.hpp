#pragma once
// Who may use the relay at all: everybody, or devices to which the operator issued a token (JWT, RFC 7519, in the compact
// form of RFC 7515). Immutable after construction, so all threads share one.
//
// The key alone decides the algorithm: P-256 is ES256, RSA is RS256, Ed25519 is EdDSA (RFC 8037). A token that names
// another one is refused before anything is verified, so neither «none» nor an HMAC under the public key gets through.
#include <cstddef>
#include <string>
#include <string_view>

#include <lethe/base/ids.hpp>
#include <lethe/base/result.hpp>
#include <lethe/base/time.hpp>

#include "identity/token_claims.hpp"

namespace lethe::identity {

inline constexpr std::size_t kMaxTokenSize = 4'096;

class Admission {
 public:
  // Open: every device is admitted, a token is not looked at.
  Admission() noexcept = default;
  // By token: `public_key_pem` holds a SubjectPublicKeyInfo («BEGIN PUBLIC KEY»). Throws std::runtime_error with a
  // sentence for the operator if it is none, or not P-256, Ed25519, or RSA of at least 2048 bits.
  explicit Admission(std::string_view public_key_pem);

  bool asks_for_token() const noexcept { return scheme_ != Scheme::open; }

  // Admits `device` at `now`, or says why not (identity/errors.hpp). At most kMaxTokenSize characters are looked at.
  Result<Claims> admit(std::string_view token, const Address& device, Wall now) const;

 private:
  enum class Scheme { open, es256, rs256, eddsa };

  bool signed_by_operator(std::string_view token, std::string_view signed_part, std::string_view signature) const;
  bool accepted_by_libjwt(std::string_view token) const;
  std::string_view algorithm() const noexcept;

  Scheme scheme_ = Scheme::open;
  std::string pem_;       // ES256 and RS256: the key as OpenSSL wrote it back
  Address ed25519_key_;   // EdDSA
};

}  // namespace lethe::identity
