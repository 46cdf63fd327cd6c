#pragma once
// Keys of stateless TLS session tickets: in memory only, replaced every hour; a ticket is honoured with the present and the
// previous key. Source: RFC 5077, section 4 (ticket construction); OpenSSL's SSL_CTX_set_tlsext_ticket_key_evp_cb.
#include <openssl/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace lethe::net {

class TicketKeys {
 public:
  TicketKeys();
  ~TicketKeys();
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;

  // Registers itself; must outlive every session of the context. Any thread.
  void install(SSL_CTX* context);
  static constexpr std::chrono::minutes lifetime{60};

  // On their way to another process, in a hand-over. Whoever has them overwrites them.
  struct Moved {
    struct Key {
      std::array<std::uint8_t, 16> name{};
      std::array<std::uint8_t, 32> cipher{};
      std::array<std::uint8_t, 32> mac{};
      std::chrono::milliseconds age{0};
    };
    Key present;
    Key previous;
  };
  Moved move_out();
  void move_in(const Moved& moved);

 private:
  struct Key {
    std::array<std::uint8_t, 16> name{};
    std::array<std::uint8_t, 32> cipher{};
    std::array<std::uint8_t, 32> mac{};
    std::chrono::steady_clock::time_point made;
  };
  static int callback(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int encrypting);
  int apply(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, bool encrypting);
  void rotate(std::chrono::steady_clock::time_point now);
  static Key fresh(std::chrono::steady_clock::time_point now);

  std::mutex mutex_;
  Key present_;
  Key previous_;
};

}  // namespace lethe::net
