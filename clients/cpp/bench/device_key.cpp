#include "bench/device_key.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace lethe::bench {

DeviceKey::DeviceKey(std::uint64_t seed) {
  std::array<std::uint8_t, 32> secret{};
  std::memcpy(secret.data(), &seed, sizeof seed);
  secret[31] = 7;
  key_ = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size());
  std::size_t size = address_.size();
  EVP_PKEY_get_raw_public_key(key_, address_.data(), &size);
}

DeviceKey::~DeviceKey() { EVP_PKEY_free(key_); }

DeviceKey::DeviceKey(DeviceKey&& other) noexcept : key_{std::exchange(other.key_, nullptr)}, address_{other.address_} {}

std::array<std::uint8_t, 64> DeviceKey::sign(View message) const {
  std::array<std::uint8_t, 64> signature{};
  std::size_t size = signature.size();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_);
  EVP_DigestSign(context, signature.data(), &size, message.data(), message.size());
  EVP_MD_CTX_free(context);
  return signature;
}

std::array<std::uint8_t, 92> DeviceKey::invite() const {
  Bytes body{1, 0};
  append_number(body, std::uint32_t{0});
  append_number(body, std::uint64_t{1} << 40);
  append_number(body, std::uint32_t{0});
  append_number(body, std::uint16_t{0});
  append_number(body, std::uint64_t{0x1122334455667788});
  static constexpr char prefix[] = "lethe/v1/invite";
  Bytes message{prefix, prefix + sizeof prefix};
  append(message, body);
  append(body, sign(message));
  std::array<std::uint8_t, 92> invite{};
  std::copy(body.begin(), body.end(), invite.begin());
  return invite;
}

}  // namespace lethe::bench
