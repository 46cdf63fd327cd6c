#pragma once
// A device of the load: an Ed25519 key from a number, so that a run can be repeated. docs/protocol.md, «Identity», «Invites».
#include <openssl/types.h>

#include <array>

#include "bench/bytes.hpp"

namespace lethe::bench {

class DeviceKey {
 public:
  explicit DeviceKey(std::uint64_t seed);
  ~DeviceKey();
  DeviceKey(DeviceKey&& other) noexcept;
  DeviceKey& operator=(DeviceKey&&) = delete;

  const std::array<std::uint8_t, 32>& address() const noexcept { return address_; }
  std::array<std::uint8_t, 64> sign(View message) const;
  // An invite without caps that never expires.
  std::array<std::uint8_t, 92> invite() const;

 private:
  EVP_PKEY* key_ = nullptr;
  std::array<std::uint8_t, 32> address_{};
};

}  // namespace lethe::bench
