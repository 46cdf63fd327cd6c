#include "support/admission_token.hpp"

#include <stdexcept>
#include <vector>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <unistd.h>

namespace lethe::test {

TokenIssuer::TokenIssuer() : key_{EVP_EC_gen("P-256"), EVP_PKEY_free} {
  char name[] = "/tmp/lethe-token-key-XXXXXX";
  const int descriptor = ::mkstemp(name);
  if (!key_ || descriptor < 0) throw std::runtime_error{"no key for tokens"};
  file_ = name;
  FILE* const file = ::fdopen(descriptor, "w");
  PEM_write_PUBKEY(file, key_.get());
  std::fclose(file);
}

TokenIssuer::~TokenIssuer() { ::unlink(file_.c_str()); }

std::string TokenIssuer::issue(const Address& device, std::int64_t expires, const Json& quota) const {
  Json claims{{"sub", base64url(device.bytes)}, {"exp", expires}};
  if (!quota.is_null()) claims["quota"] = quota;
  const std::string text = base64url(Json{{"alg", "ES256"}, {"typ", "JWT"}}.dump()) + "." + base64url(claims.dump());
  return text + "." + base64url(sign(text));
}

// RFC 7518, 3.4: R and S of 32 bytes each, where OpenSSL gives DER.
std::string TokenIssuer::sign(const std::string& text) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  std::vector<unsigned char> der(128);
  std::size_t size = der.size();
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
  EVP_DigestSign(context.get(), der.data(), &size, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  const unsigned char* at = der.data();
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature{
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)), ECDSA_SIG_free};
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), reinterpret_cast<unsigned char*>(raw.data()), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
  return raw;
}

}  // namespace lethe::test
