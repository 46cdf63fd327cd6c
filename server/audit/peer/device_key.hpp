#pragma once
// Device keys and invites of a client. The byte layouts are written down here a second time, apart from the server's, so
// that it is noticed when one of the two changes.
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <openssl/evp.h>

#include <lethe/base/ids.hpp>

namespace lethe::peer {

// A device: its private key, and with it the power to sign.
class DeviceKey {
 public:
  // Deterministic: the same seed is the same key.
  explicit DeviceKey(std::uint64_t seed) : DeviceKey{secret_of(seed)} {}
  explicit DeviceKey(const std::array<std::uint8_t, 32>& secret) {
    key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()), EVP_PKEY_free);
    std::size_t size = address_.bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), address_.bytes.data(), &size);
  }

  const Address& address() const { return address_; }

  Signature sign(std::span<const std::uint8_t> message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    Signature signature;
    std::size_t size = signature.bytes.size();
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
    EVP_DigestSign(context.get(), signature.bytes.data(), &size, message.data(), message.size());
    return signature;
  }

 private:
  static std::array<std::uint8_t, 32> secret_of(std::uint64_t seed) {
    std::array<std::uint8_t, 32> secret{'l', 'e', 't', 'h', 'e', ' ', 't', 'e', 's', 't'};
    for (std::size_t i = 0; i < 8; ++i) secret[24 + i] = static_cast<std::uint8_t>(seed >> (8 * i));
    return secret;
  }

  std::shared_ptr<EVP_PKEY> key_;
  Address address_;
};

struct InviteFields {
  std::uint8_t version = 1;
  std::uint8_t flags = 0;
  std::uint32_t generation = 0;
  std::uint64_t expires = 4'102'444'800;   // Unix seconds: the year 2100
  std::uint32_t max_ttl = 0;
  std::uint16_t rate = 0;
  std::array<std::uint8_t, 8> label{1, 2, 3, 4, 5, 6, 7, 8};
};

// The 92 bytes of an invite that `recipient` mints.
inline std::array<std::uint8_t, 92> make_invite(const DeviceKey& recipient, const InviteFields& fields = {}) {
  std::vector<std::uint8_t> claims{fields.version, fields.flags};
  const auto put = [&claims](std::uint64_t value, int size) {
    for (int i = size - 1; i >= 0; --i) claims.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  put(fields.generation, 4);
  put(fields.expires, 8);
  put(fields.max_ttl, 4);
  put(fields.rate, 2);
  claims.insert(claims.end(), fields.label.begin(), fields.label.end());

  constexpr std::string_view context("lethe/v1/invite\0", 16);
  std::vector<std::uint8_t> message(context.begin(), context.end());
  message.insert(message.end(), claims.begin(), claims.end());
  const Signature signature = recipient.sign(message);

  std::array<std::uint8_t, 92> invite{};
  std::copy(claims.begin(), claims.end(), invite.begin());
  std::copy(signature.bytes.begin(), signature.bytes.end(), invite.begin() + 28);
  return invite;
}

}  // namespace lethe::peer
