#include "unit/identity/operator_key.hpp"

#include <array>
#include <cstdint>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace lethe::test {
namespace {

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string result(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return result;
}

// JOSE wants r and s side by side, 32 bytes each, where OpenSSL gives DER.
std::string jose_form(const std::string& der) {
  const unsigned char* at = raw(der);
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  std::array<unsigned char, 64> both{};
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), both.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), both.data() + 32, 32);
  ECDSA_SIG_free(pair);
  return std::string(both.begin(), both.end());
}

}  // namespace

OperatorKey OperatorKey::p256() { return on_curve("P-256"); }
OperatorKey OperatorKey::on_curve(const char* curve) { return OperatorKey(EVP_EC_gen(curve)); }
OperatorKey OperatorKey::rsa(unsigned bits) { return OperatorKey(EVP_RSA_gen(bits)); }
OperatorKey OperatorKey::ed25519() { return OperatorKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

std::string OperatorKey::public_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key_.get());
  return text_of(bio);
}

std::string OperatorKey::private_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio);
}

std::string OperatorKey::token(std::string_view header, std::string_view claims) const {
  const std::string text = to_base64url(header) + '.' + to_base64url(claims);
  return text + '.' + to_base64url(sign(text));
}

std::string OperatorKey::sign(std::string_view text) const {
  const int type = EVP_PKEY_get_base_id(key_.get());
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestSignInit(context.get(), nullptr, type == EVP_PKEY_ED25519 ? nullptr : EVP_sha256(), nullptr, key_.get());
  std::size_t size = 0;
  EVP_DigestSign(context.get(), nullptr, &size, raw(text), text.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, raw(text), text.size());
  signature.resize(size);
  return type == EVP_PKEY_EC ? jose_form(signature) : signature;
}

std::string to_base64url(std::string_view bytes) {
  std::string text(4 * (bytes.size() / 3 + 1) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), raw(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string hmac_token(std::string_view header, std::string_view claims, std::string_view secret) {
  const std::string text = to_base64url(header) + '.' + to_base64url(claims);
  std::array<unsigned char, 32> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), raw(text), text.size(), mac.data(), &size);
  return text + '.' + to_base64url(std::string(mac.begin(), mac.end()));
}

}  // namespace lethe::test
