#pragma once
// A device's Ed25519 key (RFC 8032). Its public half is the device's address.
#include <array>
#include <string_view>

#include <lethe/base/ids.hpp>
#include <lethe/client/bytes.hpp>
#include <lethe/client/error.hpp>

namespace lethe::client {

class Identity {
 public:
  static constexpr std::size_t seed_size = 32;

  // A new random key. Throws std::runtime_error when the system has no randomness (only while starting).
  static Identity generate();

  // From the 32-byte seed (RFC 8032's «private key»). Error::bad_key for another length.
  static Result<Identity> from_seed(ByteView seed);

  const Address& address() const noexcept { return address_; }
  const Bytes& seed() const noexcept { return seed_; }

  Signature sign(ByteView message) const;

 private:
  Identity(Bytes seed, const Address& address) : seed_(std::move(seed)), address_(address) {}
  Bytes seed_;
  Address address_;
};

// Strict: also refuses non-canonical S and keys of small order, under which one signature fits any message.
bool verify(const Address& signer, ByteView message, const Signature& signature) noexcept;

// The bytes that `auth` signs: `lethe/v1/auth` \0 relay \0 nonce, then the 32 bytes of the TLS exporter where the session
// is bound to its TLS connection (empty otherwise). docs/protocol.md, «The session».
Bytes auth_bytes(std::string_view relay, const Nonce& nonce, ByteView exporter);

// Cryptographically random bytes.
void fill_random(std::span<std::uint8_t> out);

template <class Fixed>
Fixed random_fixed() {
  Fixed fixed;
  fill_random(fixed.bytes);
  return fixed;
}

}  // namespace lethe::client
