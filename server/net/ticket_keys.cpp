#include "net/ticket_keys.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <stdexcept>

#include <lethe/base/wipe.hpp>

namespace lethe::net {
namespace {

int context_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

bool set_mac(EVP_MAC_CTX* mac, std::array<std::uint8_t, 32>& key) {
  char digest[] = "SHA256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end(),
  };
  return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

}  // namespace

TicketKeys::TicketKeys() : present_{fresh(std::chrono::steady_clock::now())}, previous_{present_} {}

TicketKeys::~TicketKeys() {
  wipe(&present_, sizeof present_);
  wipe(&previous_, sizeof previous_);
}

TicketKeys::Key TicketKeys::fresh(std::chrono::steady_clock::time_point now) {
  Key key;
  key.made = now;
  const bool random = RAND_bytes(key.name.data(), static_cast<int>(key.name.size())) == 1 &&
                      RAND_priv_bytes(key.cipher.data(), static_cast<int>(key.cipher.size())) == 1 &&
                      RAND_priv_bytes(key.mac.data(), static_cast<int>(key.mac.size())) == 1;
  if (!random) throw std::runtime_error{"the system gave no random bytes"};
  return key;
}

TicketKeys::Moved TicketKeys::move_out() {
  const std::lock_guard lock{mutex_};
  const auto now = std::chrono::steady_clock::now();
  rotate(now);
  const auto moved = [now](const Key& key) {
    return Moved::Key{key.name, key.cipher, key.mac, std::chrono::duration_cast<std::chrono::milliseconds>(now - key.made)};
  };
  return {moved(present_), moved(previous_)};
}

void TicketKeys::move_in(const Moved& moved) {
  const std::lock_guard lock{mutex_};
  const auto now = std::chrono::steady_clock::now();
  const auto key = [now](const Moved::Key& from) {
    const auto age = std::clamp<std::chrono::milliseconds>(from.age, std::chrono::milliseconds{0}, 2 * lifetime);
    return Key{from.name, from.cipher, from.mac, now - age};
  };
  present_ = key(moved.present);
  previous_ = key(moved.previous);
}

void TicketKeys::install(SSL_CTX* context) {
  SSL_CTX_set_ex_data(context, context_index(), this);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &TicketKeys::callback);
}

int TicketKeys::callback(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                         int encrypting) {
  auto* keys = static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), context_index()));
  return keys->apply(name, iv, cipher, mac, encrypting == 1);
}

void TicketKeys::rotate(std::chrono::steady_clock::time_point now) {
  if (now - present_.made < lifetime) return;
  previous_ = present_;
  present_ = fresh(now);
}

// Returns as OpenSSL asks: -1 failed, 0 unknown key (full handshake), 1 use it, 2 use it and renew the ticket.
int TicketKeys::apply(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, bool encrypting) {
  const std::lock_guard lock{mutex_};
  const auto now = std::chrono::steady_clock::now();
  rotate(now);
  if (encrypting) {
    if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return -1;
    std::memcpy(name, present_.name.data(), present_.name.size());
    const bool ready = EVP_EncryptInit_ex2(cipher, EVP_aes_256_cbc(), present_.cipher.data(), iv, nullptr) == 1 &&
                       set_mac(mac, present_.mac);
    return ready ? 1 : -1;
  }
  const bool current = std::memcmp(name, present_.name.data(), present_.name.size()) == 0;
  const bool former = std::memcmp(name, previous_.name.data(), previous_.name.size()) == 0 && now - previous_.made < 2 * lifetime;
  if (!current && !former) return 0;
  Key& key = current ? present_ : previous_;
  if (!set_mac(mac, key.mac)) return -1;
  if (EVP_DecryptInit_ex2(cipher, EVP_aes_256_cbc(), key.cipher.data(), iv, nullptr) != 1) return -1;
  return current ? 1 : 2;
}

}  // namespace lethe::net
