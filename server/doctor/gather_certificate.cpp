#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <memory>

#include "base/renewal.hpp"
#include "doctor/gather.hpp"
#include "ops/secret_file.hpp"

namespace lethe::doctor {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const noexcept { free(object); }
};
using BioPtr = std::unique_ptr<BIO, Free<BIO_free>>;
using CertificatePtr = std::unique_ptr<X509, Free<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

// An encrypted key would make OpenSSL ask on the terminal.
int no_password(char*, int, int, void*) { return -1; }

BioPtr memory_of(const std::string& pem) { return BioPtr{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))}; }

// From now, in seconds; below 0: it has passed.
std::int64_t seconds_until(const ASN1_TIME* time) {
  int days = 0, seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, nullptr, time) != 1) return 0;
  return std::int64_t{days} * 86'400 + seconds;
}

bool is_for(X509* certificate, const std::string& name) {
  return X509_check_host(certificate, name.data(), name.size(), 0, nullptr) == 1 || X509_check_ip_asc(certificate, name.c_str(), 0) == 1;
}

CertificateFacts at_fault(CertificateFault fault, const std::string& path) {
  ERR_clear_error();
  CertificateFacts facts;
  facts.fault = fault;
  facts.path = path;
  return facts;
}

}  // namespace

CertificateFacts gather_certificate(const ops::TlsConfig& tls, const std::string& name) {
  const Result<std::string> chain = ops::read_secret_file(tls.certificate, longest_certificate);
  if (!chain) return at_fault(CertificateFault::unreadable, tls.certificate);
  Result<std::string> key_text = ops::read_secret_file(tls.key, longest_key);
  if (!key_text) return at_fault(CertificateFault::unreadable, tls.key);
  const CertificatePtr leaf{PEM_read_bio_X509(memory_of(*chain).get(), nullptr, no_password, nullptr)};
  const KeyPtr key{PEM_read_bio_PrivateKey(memory_of(*key_text).get(), nullptr, no_password, nullptr)};
  ops::forget(*key_text);
  if (!leaf) return at_fault(CertificateFault::no_certificate, tls.certificate);
  if (!key) return at_fault(CertificateFault::no_key, tls.key);
  const bool fits = X509_check_private_key(leaf.get(), key.get()) == 1;
  CertificateFacts facts = at_fault(fits ? CertificateFault::none : CertificateFault::mismatch, tls.key);
  facts.seconds_left = seconds_until(X509_get0_notAfter(leaf.get()));
  facts.begun = seconds_until(X509_get0_notBefore(leaf.get())) <= 0;
  facts.names_relay = is_for(leaf.get(), name);
  struct stat status{};
  if (::stat(tls.key.c_str(), &status) == 0) facts.key_mode = status.st_mode & 07777;
  return facts;
}

}  // namespace lethe::doctor
