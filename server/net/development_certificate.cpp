#include "net/development_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace lethe::net {
namespace {

void require(bool condition) {
  if (!condition) throw std::runtime_error{"the development certificate could not be made"};
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  require(extension != nullptr);
  const int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  require(added == 1);
}

}  // namespace

void FreeCertificate::operator()(X509* certificate) const noexcept { X509_free(certificate); }
void FreeCertificate::operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }

DevelopmentCertificate make_development_certificate(const std::string& name) {
  DevelopmentCertificate result;
  result.key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  result.certificate.reset(X509_new());
  require(result.key && result.certificate);
  X509* certificate = result.certificate.get();

  std::uint64_t serial = 0;
  require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 30L * 24 * 3600);
  X509_set_pubkey(certificate, result.key.get());

  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("Lethe development"), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  const bool address = name.find_first_not_of("0123456789.:") == std::string::npos;
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  if (!address && name != "localhost") names += ",DNS:" + name;
  add_extension(certificate, NID_subject_alt_name, names);
  add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate, NID_ext_key_usage, "serverAuth");
  require(X509_sign(certificate, result.key.get(), EVP_sha256()) > 0);
  return result;
}

}  // namespace lethe::net
