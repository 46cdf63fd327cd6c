#include "net/tls_context.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "base/mutation.hpp"
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

void use_pem(SSL_CTX* context, const TlsOptions& options) {
  const BioPtr chain = memory_of(options.certificate);
  const CertificatePtr leaf{PEM_read_bio_X509(chain.get(), nullptr, no_password, nullptr)};
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) refuse("tls.certificate: not a PEM certificate");
  while (X509* next = PEM_read_bio_X509(chain.get(), nullptr, no_password, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) == 1) continue;
    X509_free(next);
    refuse("tls.certificate: a certificate of its chain was refused");
  }
  ERR_clear_error();
  const BioPtr text = memory_of(options.key);
  const KeyPtr key{PEM_read_bio_PrivateKey(text.get(), nullptr, no_password, nullptr)};
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1) refuse("tls.key: not an unencrypted PEM private key that fits the certificate");
  if (SSL_CTX_check_private_key(context) != 1) refuse("tls.key: does not belong to the certificate");
}

void harden(SSL_CTX* context, const TlsOptions& options) {
  SSL_CTX_set_min_proto_version(context, options.allow_tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
  SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (LETHE_KEEP(cleanse_plaintext)) SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
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

void TlsContext::Free::operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }

TlsContext::TlsContext(const TlsOptions& options) : context_{SSL_CTX_new(TLS_server_method())} {
  if (!context_) refuse("OpenSSL could not make a TLS context");
  harden(context_.get(), options);
  if (options.resumption) {
    ticket_keys_ = std::make_unique<TicketKeys>();
    ticket_keys_->install(context_.get());
  }
  if (!options.certificate.empty()) {
    use_pem(context_.get(), options);
    return;
  }
  development_ = true;
  const DevelopmentCertificate made = make_development_certificate(options.name);
  const bool used = SSL_CTX_use_certificate(context_.get(), made.certificate.get()) == 1 &&
                    SSL_CTX_use_PrivateKey(context_.get(), made.key.get()) == 1;
  if (!used) refuse("the development certificate could not be used");
}

TlsContext::~TlsContext() = default;

std::string TlsContext::fingerprint() const {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const X509* certificate = SSL_CTX_get0_certificate(context_.get());
  if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), digest, &size) != 1) return {};
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

}  // namespace lethe::net
