#include <lethe/client/identity.hpp>

#include <stdexcept>
#include <utility>

#include <sodium.h>

namespace lethe::client {

namespace {
using SecretKey = std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES>;  // seed, then public key

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
}  // namespace

Identity Identity::generate() {
  Bytes seed(seed_size);
  fill_random(seed);
  return from_seed(seed).value();
}

Result<Identity> Identity::from_seed(ByteView seed) {
  if (seed.size() != seed_size) return Error::bad_key;
  Address address;
  SecretKey secret;
  crypto_sign_seed_keypair(address.bytes.data(), secret.data(), seed.data());
  wipe_memory(secret.data(), secret.size());
  return Identity(Bytes(seed.begin(), seed.end()), address);
}

Signature Identity::sign(ByteView message) const {
  Address address;
  SecretKey secret;
  Signature signature;
  crypto_sign_seed_keypair(address.bytes.data(), secret.data(), seed_.data());
  crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(), secret.data());
  wipe_memory(secret.data(), secret.size());
  return signature;
}

bool verify(const Address& signer, ByteView message, const Signature& signature) noexcept {
  // libsodium refuses S >= L, non-canonical and small-order keys, and small-order R.
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(), signer.bytes.data()) == 0;
}

Bytes auth_bytes(std::string_view relay, const Nonce& nonce, ByteView exporter) {
  Bytes bytes;
  append(bytes, as_bytes("lethe/v1/auth"));
  bytes.push_back(0);
  append(bytes, as_bytes(relay));
  bytes.push_back(0);
  append(bytes, nonce.bytes);
  append(bytes, exporter);
  return bytes;
}

void fill_random(std::span<std::uint8_t> out) {
  static const int status = sodium_init();
  if (status < 0) throw std::runtime_error("the system's random numbers are not available");
  randombytes_buf(out.data(), out.size());
}

}  // namespace lethe::client
