#include "net/tls_context.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <stdexcept>

#include <lethe/base/wipe.hpp>

#include "net/development_certificate.hpp"

namespace lethe::net {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;
using CertificatePtr = std::unique_ptr<X509, FreeCertificate>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeCertificate>;

[[noreturn]] void refuse(const char* sentence) {
  ERR_clear_error();
  throw std::runtime_error{sentence};
}

BioPtr memory_of(const std::string& pem) { return BioPtr{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))}; }

// An encrypted key would make OpenSSL ask on the terminal: refuse it instead.
int no_password(char*, int, int, void*) { return -1; }

const char* sentence_of(CertificateFault fault) {
  switch (fault) {
    case CertificateFault::no_certificate: return "tls.certificate: not a PEM certificate";
    case CertificateFault::chain: return "tls.certificate: a certificate of its chain was refused";
    case CertificateFault::key: return "tls.key: not an unencrypted PEM private key that fits the certificate";
    case CertificateFault::mismatch: return "tls.key: does not belong to the certificate";
    case CertificateFault::out_of_date: break;
  }
  return "tls.certificate: out of date";
}

// What follows the first certificate. At the end of a text OpenSSL finds no further beginning; anything else is broken.
bool add_chain(SSL_CTX* context, BIO* text) {
  ERR_clear_error();
  while (X509* next = PEM_read_bio_X509(text, nullptr, no_password, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) == 1) continue;
    X509_free(next);
    return false;
  }
  return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

void harden(SSL_CTX* context, const TlsOptions& options) {
  SSL_CTX_set_min_proto_version(context, options.allow_tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
  SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
  SSL_CTX_set1_groups_list(context, "X25519:P-256");
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_early_data(context, 0);
  SSL_CTX_set_read_ahead(context, 1);
  if (options.resumption) {
    SSL_CTX_set_num_tickets(context, 1);
  } else {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
  }
}

}  // namespace

void TlsOptions::forget_pem() noexcept {
  for (std::string* const text : {&certificate, &key}) {
    wipe(text->data(), text->size());
    text->clear();
  }
}

void TlsContext::Free::operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }

TlsContext::TlsContext(const TlsOptions& options, Bare) : context_{SSL_CTX_new(TLS_server_method())} {
  if (!context_) refuse("OpenSSL could not make a TLS context");
  harden(context_.get(), options);
  if (!options.resumption) return;
  ticket_keys_ = std::make_unique<TicketKeys>();
  ticket_keys_->install(context_.get());
}

TlsContext::TlsContext(const TlsOptions& options) : TlsContext{options, Bare{}} {
  if (options.certificate.empty()) use_development_certificate(options.name);
  else if (const auto fault = use_pem(options)) refuse(sentence_of(*fault));
}

TlsContext::Renewed TlsContext::renewed(const TlsOptions& options) {
  std::shared_ptr<TlsContext> fresh{new TlsContext{options, Bare{}}};
  const auto fault = fresh->use_pem(options);
  ERR_clear_error();
  if (fault) return *fault;
  if (!fresh->valid_now()) return CertificateFault::out_of_date;
  return fresh;
}

std::optional<CertificateFault> TlsContext::use_pem(const TlsOptions& options) {
  SSL_CTX* const context = context_.get();
  const BioPtr chain = memory_of(options.certificate);
  const CertificatePtr leaf{PEM_read_bio_X509(chain.get(), nullptr, no_password, nullptr)};
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) return CertificateFault::no_certificate;
  if (!add_chain(context, chain.get())) return CertificateFault::chain;
  ERR_clear_error();
  const BioPtr text = memory_of(options.key);
  const KeyPtr key{PEM_read_bio_PrivateKey(text.get(), nullptr, no_password, nullptr)};
  if (!key) return CertificateFault::key;
  if (X509_check_private_key(leaf.get(), key.get()) != 1) return CertificateFault::mismatch;
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) return CertificateFault::key;
  ERR_clear_error();
  return std::nullopt;
}

void TlsContext::use_development_certificate(const std::string& name) {
  development_ = true;
  const DevelopmentCertificate made = make_development_certificate(name);
  const bool used = SSL_CTX_use_certificate(context_.get(), made.certificate.get()) == 1 &&
                    SSL_CTX_use_PrivateKey(context_.get(), made.key.get()) == 1;
  if (!used) refuse("the development certificate could not be used");
}

bool TlsContext::valid_now() const {
  const X509* const certificate = SSL_CTX_get0_certificate(context_.get());
  return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 && X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

TlsContext::~TlsContext() = default;

Digest TlsContext::fingerprint() const {
  Digest digest;
  unsigned size = 0;
  const X509* certificate = SSL_CTX_get0_certificate(context_.get());
  if (X509_digest(certificate, EVP_sha256(), digest.bytes.data(), &size) != 1) return {};
  return digest;
}

// The certificate's digest and TicketKeys::Moved, as they lie in memory: both processes run on one machine, and their version of
// the hand-over is the same.
std::vector<std::uint8_t> TlsContext::move_out_tickets() const {
  if (!ticket_keys_) return {};
  const Digest certificate = fingerprint();
  TicketKeys::Moved moved = ticket_keys_->move_out();
  std::vector<std::uint8_t> bytes(sizeof certificate + sizeof moved);
  std::memcpy(bytes.data(), &certificate, sizeof certificate);
  std::memcpy(bytes.data() + sizeof certificate, &moved, sizeof moved);
  wipe(&moved, sizeof moved);
  return bytes;
}

void TlsContext::move_in_tickets(std::span<const std::uint8_t> bytes) const {
  Digest certificate;
  TicketKeys::Moved moved;
  if (!ticket_keys_ || bytes.size() != sizeof certificate + sizeof moved) return;
  std::memcpy(&certificate, bytes.data(), sizeof certificate);
  if (certificate != fingerprint()) return;
  std::memcpy(static_cast<void*>(&moved), bytes.data() + sizeof certificate, sizeof moved);
  ticket_keys_->move_in(moved);
  wipe(&moved, sizeof moved);
}

}  // namespace lethe::net
