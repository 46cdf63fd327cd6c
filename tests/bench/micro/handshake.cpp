// The bare cost of a session: a full TLS 1.3 handshake in memory, of which the server's part alone is timed. Its settings are
// those of server/net/tls_context.cpp: a P-256 certificate, X25519, AES-128-GCM, no tickets.
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <time.h>

#include <memory>
#include <stdexcept>

#include "bench/micro/report.hpp"
#include "support/certificate.hpp"

namespace lethe::bench {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<SSL_CTX> server_context() {
  const test::Certificate made = test::make_certificate();
  const Owned<BIO> chain{BIO_new_mem_buf(made.chain.data(), static_cast<int>(made.chain.size()))};
  const Owned<BIO> secret{BIO_new_mem_buf(made.key.data(), static_cast<int>(made.key.size()))};
  const Owned<X509> certificate{PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)};
  const Owned<EVP_PKEY> key{PEM_read_bio_PrivateKey(secret.get(), nullptr, nullptr, nullptr)};
  Owned<SSL_CTX> context{SSL_CTX_new(TLS_server_method())};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_ciphersuites(context.get(), "TLS_AES_128_GCM_SHA256");
  SSL_CTX_set1_groups_list(context.get(), "X25519");
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context.get(), 0);
  if (SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 || SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    throw std::runtime_error{"OpenSSL took no certificate"};
  }
  return context;
}

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Seconds of the server's; throws where the two don't come to terms.
double shake_hands(SSL_CTX* server_side, SSL_CTX* client_side) {
  const Owned<SSL> client{SSL_new(client_side)};
  BIO* to_server = nullptr;
  BIO* to_client = nullptr;
  BIO_new_bio_pair(&to_server, 0, &to_client, 0);
  SSL_set_bio(client.get(), to_server, to_server);
  SSL_set_connect_state(client.get());
  SSL_do_handshake(client.get());
  double began = processor_seconds();
  Owned<SSL> server{SSL_new(server_side)};
  SSL_set_bio(server.get(), to_client, to_client);
  SSL_set_accept_state(server.get());
  SSL_do_handshake(server.get());
  double took = processor_seconds() - began;
  const bool client_done = SSL_do_handshake(client.get()) == 1;
  began = processor_seconds();
  const bool done = SSL_do_handshake(server.get()) == 1 && client_done && SSL_version(server.get()) == TLS1_3_VERSION;
  server.reset();
  took += processor_seconds() - began;
  if (!done) throw std::runtime_error{"the handshake failed"};
  return took;
}

void handshake_server_side(benchmark::State& state) {
  const Owned<SSL_CTX> server = server_context();
  const Owned<SSL_CTX> client{SSL_CTX_new(TLS_client_method())};
  SSL_CTX_set_verify(client.get(), SSL_VERIFY_NONE, nullptr);
  for (auto _ : state) state.SetIterationTime(shake_hands(server.get(), client.get()));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(handshake_server_side)->UseManualTime();

}  // namespace
}  // namespace lethe::bench
