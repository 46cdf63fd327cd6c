#pragma once
// An operator who issues admission tokens (JWT, ES256) with a key of its own.
#include <cstdint>
#include <memory>
#include <string>

#include <openssl/evp.h>

#include "support/wire_codec.hpp"

namespace lethe::test {

class TokenIssuer {
 public:
  TokenIssuer();
  ~TokenIssuer();
  TokenIssuer(const TokenIssuer&) = delete;
  TokenIssuer& operator=(const TokenIssuer&) = delete;

  // A PEM file that lives as long as this.
  const std::string& public_key_file() const noexcept { return file_; }
  // `expires`: Unix seconds.
  std::string issue(const Address& device, std::int64_t expires, const Json& quota = {}) const;

 private:
  std::string sign(const std::string& text) const;

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::string file_;
};

}  // namespace lethe::test
