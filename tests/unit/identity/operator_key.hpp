#pragma once
// An operator's key pair and the tokens signed with it, for tests. Says whatever header and claims a test wants.
#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace lethe::test {

class OperatorKey {
 public:
  // Fresh pairs; `rsa` takes the length in bits.
  static OperatorKey p256();
  static OperatorKey rsa(unsigned bits = 2'048);
  static OperatorKey ed25519();
  // On another curve, by OpenSSL's name of it.
  static OperatorKey on_curve(const char* curve);

  std::string public_pem() const;
  std::string private_pem() const;

  // header.claims.signature, signed as the key's own algorithm does (ES256, RS256, EdDSA), whatever the header says.
  std::string token(std::string_view header, std::string_view claims) const;

 private:
  explicit OperatorKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
  std::string sign(std::string_view text) const;

  std::shared_ptr<EVP_PKEY> key_;
};

std::string to_base64url(std::string_view bytes);

// A token whose signature is HMAC-SHA-256 under `secret`.
std::string hmac_token(std::string_view header, std::string_view claims, std::string_view secret);

}  // namespace lethe::test
