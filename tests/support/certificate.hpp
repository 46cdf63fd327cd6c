#pragma once
// Self-signed certificates for one test, as PEM texts.
#include <string>

namespace lethe::test {

struct Certificate {
  std::string chain;
  std::string key;
  std::string fingerprint;   // SHA-256 of the DER form, in hex
};

// ECDSA P-256, for localhost, valid from an hour ago for `days` from now; fewer than 0: it has run out.
Certificate make_certificate(int days = 30);

}  // namespace lethe::test
