#include "identity/admission.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>

#include <jwt.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/base64url.hpp"
#include "identity/ed25519.hpp"
#include "identity/errors.hpp"

namespace lethe::identity {
namespace {

constexpr int kMinRsaBits = 2'048;

struct Free {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(jwt_t* token) const noexcept { jwt_free(token); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;

// Without it OpenSSL would ask for the password of an encrypted file on the terminal.
int no_password(char*, int, int, void*) { return -1; }

Key read_key(std::string_view pem) {
  const std::unique_ptr<BIO, Free> source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(source ? PEM_read_bio_PUBKEY(source.get(), nullptr, no_password, nullptr) : nullptr);
  ERR_clear_error();
  if (!key) throw std::runtime_error("The admission key is not a public key in PEM form (BEGIN PUBLIC KEY).");
  return key;
}

std::string write_key(EVP_PKEY* key) {
  const std::unique_ptr<BIO, Free> sink(BIO_new(BIO_s_mem()));
  if (!sink || PEM_write_bio_PUBKEY(sink.get(), key) != 1) throw std::runtime_error("The admission key can't be written as PEM.");
  char* text = nullptr;
  const long size = BIO_get_mem_data(sink.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

bool is_p256(EVP_PKEY* key) {
  std::array<char, 32> group{};
  std::size_t size = 0;
  return EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
         std::string_view(group.data(), size) == "prime256v1";
}

// The parts of header.claims.signature, each still encoded.
struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_part;   // header.claims
};

std::optional<Parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
               token.substr(0, second)};
}

// A third dot, padding and every other stray character fail here.
std::optional<std::string> decoded(std::string_view text) {
  std::string bytes(base64url::decoded_size(text.size()), '\0');
  const std::span<std::uint8_t> out(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
  if (!base64url::decode(text, out)) return std::nullopt;
  return bytes;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Admission::Admission(std::string_view public_key_pem) {
  if (public_key_pem.size() > 65'536) throw std::runtime_error("The admission key file is larger than 64 KiB.");
  const Key key = read_key(public_key_pem);
  switch (EVP_PKEY_get_base_id(key.get())) {
    case EVP_PKEY_ED25519: {
      std::size_t size = ed25519_key_.bytes.size();
      const bool read = EVP_PKEY_get_raw_public_key(key.get(), ed25519_key_.bytes.data(), &size) == 1;
      if (!read || !acceptable_key(ed25519_key_)) throw std::runtime_error("The admission key is a weak Ed25519 key.");
      scheme_ = Scheme::eddsa;
      return;
    }
    case EVP_PKEY_EC:
      if (!is_p256(key.get())) throw std::runtime_error("The admission key is an elliptic-curve key, but not on P-256 (ES256).");
      scheme_ = Scheme::es256;
      break;
    case EVP_PKEY_RSA:
      if (EVP_PKEY_get_bits(key.get()) < kMinRsaBits)
        throw std::runtime_error("The admission key is an RSA key of less than 2048 bits.");
      scheme_ = Scheme::rs256;
      break;
    default:
      throw std::runtime_error("The admission key must be P-256 (ES256), RSA (RS256) or Ed25519 (EdDSA).");
  }
  // libjwt reads a PEM again for every token; written back, it is this very key whatever else the file held.
  pem_ = write_key(key.get());
}

Result<Claims> Admission::admit(std::string_view token, const Address& device, Wall now) const {
  if (scheme_ == Scheme::open) return Claims{};
  if (token.empty()) return error_code(IdentityError::token_missing);
  if (token.size() > kMaxTokenSize) return error_code(IdentityError::token_too_long);
  const std::optional<Parts> parts = split(token);
  if (!parts) return error_code(IdentityError::token_malformed);
  const std::optional<std::string> header = decoded(parts->header);
  const std::optional<std::string> claims = decoded(parts->claims);
  const std::optional<std::string> signature = decoded(parts->signature);
  if (!header || !claims || !signature) return error_code(IdentityError::token_malformed);

  const Result<void> agreed = check_token_header(*header, algorithm());
  if (!agreed) return agreed.error();
  if (!signed_by_operator(token, parts->signed_part, *signature)) return error_code(IdentityError::token_signature);
  return read_token_claims(*claims, device, now);
}

bool Admission::signed_by_operator(std::string_view token, std::string_view signed_part, std::string_view signature) const {
  if (scheme_ != Scheme::eddsa) return accepted_by_libjwt(token);
  // libjwt 1.10 has no EdDSA.
  if (signature.size() != Signature::size) return false;
  return verify(ed25519_key_, bytes_of(signed_part), Signature::from(bytes_of(signature)));
}

bool Admission::accepted_by_libjwt(std::string_view token) const {
  const std::string text(token);
  jwt_t* decoded_token = nullptr;
  // What a failed verification leaves in the thread's error queue would be read as the failure of its next TLS call.
  ERR_set_mark();
  const int failed = jwt_decode(&decoded_token, text.c_str(), reinterpret_cast<const unsigned char*>(pem_.data()),
                                static_cast<int>(pem_.size()));
  ERR_pop_to_mark();
  const std::unique_ptr<jwt_t, Free> owner(failed == 0 ? decoded_token : nullptr);
  const jwt_alg_t expected = scheme_ == Scheme::es256 ? JWT_ALG_ES256 : JWT_ALG_RS256;
  return owner && jwt_get_alg(owner.get()) == expected;
}

std::string_view Admission::algorithm() const noexcept {
  switch (scheme_) {
    case Scheme::open: break;
    case Scheme::es256: return "ES256";
    case Scheme::rs256: return "RS256";
    case Scheme::eddsa: return "EdDSA";
  }
  return {};
}

}  // namespace lethe::identity
