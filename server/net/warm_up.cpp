#include "net/warm_up.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <array>
#include <ctime>
#include <memory>
#include <stdexcept>

#include "net/tls_context.hpp"

namespace lethe::net {
namespace {

constexpr int turns = 10;   // a handshake takes three

struct Free {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using Ssl = std::unique_ptr<SSL, Free>;
using Context = std::unique_ptr<SSL_CTX, Free>;

bool connect(SSL* client, SSL* server) {
  BIO* one = nullptr;
  BIO* other = nullptr;
  if (BIO_new_bio_pair(&one, 0, &other, 0) != 1) return false;
  SSL_set_bio(client, one, one);
  SSL_set_bio(server, other, other);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
  bool done = false;
  for (int turn = 0; turn < turns && !done; ++turn) {
    const bool client_done = SSL_do_handshake(client) == 1;
    done = SSL_do_handshake(server) == 1 && client_done;
  }
  return done;
}

bool exchange(SSL* client, SSL* server) {
  const char said = 1;
  char heard = 0;
  std::array<unsigned char, 32> exporter{};
  return SSL_write(client, &said, 1) == 1 && SSL_read(server, &heard, 1) == 1 &&
         SSL_export_keying_material(server, exporter.data(), exporter.size(), "EXPORTER-Channel-Binding", 24, nullptr, 0, 0) == 1;
}

void shake_hands(SSL_CTX* server_context) {
  const Context client_context{SSL_CTX_new(TLS_client_method())};
  SSL_CTX_set_verify(client_context.get(), SSL_VERIFY_NONE, nullptr);
  const Ssl client{SSL_new(client_context.get())};
  const Ssl server{SSL_new(server_context)};
  const bool good = client && server && connect(client.get(), server.get()) && exchange(client.get(), server.get());
  ERR_clear_error();
  if (!good) throw std::runtime_error{"tls.certificate: a TLS handshake with it fails"};
}

// The unwinder looks up its tables the first time.
void throw_once() {
  try {
    throw std::runtime_error{"warming up"};
  } catch (const std::runtime_error&) {
  }
}

}  // namespace

bool start_openssl() noexcept {
  constexpr std::uint64_t settings = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS |
                                     OPENSSL_INIT_ADD_ALL_CIPHERS | OPENSSL_INIT_ADD_ALL_DIGESTS;
  return OPENSSL_init_ssl(settings, nullptr) == 1;
}

void warm_up(const TlsContext* tls) {
  throw_once();
  const std::time_t now = std::time(nullptr);
  std::tm broken_down{};
  ::gmtime_r(&now, &broken_down);   // reads the time zone's file the first time
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) throw std::runtime_error{"OpenSSL gives no random bytes"};
  if (tls != nullptr) shake_hands(tls->native());
}

}  // namespace lethe::net
