#pragma once
// A self-signed certificate made in memory for trying the relay on one machine.
#include <openssl/types.h>

#include <memory>
#include <string>

namespace lethe::net {

struct FreeCertificate {
  void operator()(X509* certificate) const noexcept;
  void operator()(EVP_PKEY* key) const noexcept;
};

struct DevelopmentCertificate {
  std::unique_ptr<X509, FreeCertificate> certificate;
  std::unique_ptr<EVP_PKEY, FreeCertificate> key;
};

// ECDSA P-256, valid for 30 days, for `name` and localhost, 127.0.0.1, ::1. Throws std::runtime_error.
DevelopmentCertificate make_development_certificate(const std::string& name);

}  // namespace lethe::net
