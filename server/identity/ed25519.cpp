#include "identity/ed25519.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <openssl/err.h>
#include <openssl/evp.h>

namespace lethe::identity {
namespace {

using Coordinate = std::array<std::uint8_t, 32>;   // y, little-endian, without the sign of x in the top bit

constexpr Coordinate kField{0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

// The y coordinates of the points whose order divides 8. Each of order 4 and 8 belongs to two points, one a sign.
constexpr std::array<Coordinate, 5> kSmallOrder{{
    {0x01},   // order 1
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},   // order 2
    {0x00},   // order 4
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},   // order 8
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},   // order 8
}};

struct Free {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

bool verified_by_openssl(const Address& key, std::span<const std::uint8_t> message, const Signature& signature) noexcept {
  const std::unique_ptr<EVP_PKEY, Free> point(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  return point && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, point.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.bytes.data(), signature.bytes.size(), message.data(), message.size()) == 1;
}

}  // namespace

bool acceptable_key(const Address& key) noexcept {
  Coordinate y = key.bytes;
  y.back() &= 0x7f;
  const bool canonical = std::lexicographical_compare(y.rbegin(), y.rend(), kField.rbegin(), kField.rend());
  return canonical && std::find(kSmallOrder.begin(), kSmallOrder.end(), y) == kSmallOrder.end();
}

bool verify(const Address& key, std::span<const std::uint8_t> message, const Signature& signature) noexcept {
  if (!acceptable_key(key)) return false;
  // An entry left in the thread's error queue would be read as the failure of its next TLS call.
  ERR_set_mark();
  const bool valid = verified_by_openssl(key, message, signature);
  ERR_pop_to_mark();
  return valid;
}

}  // namespace lethe::identity
