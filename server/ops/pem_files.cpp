#include "ops/pem_files.hpp"

#include "base/renewal.hpp"
#include "ops/secret_file.hpp"

namespace lethe::ops {
namespace {

constexpr std::uint32_t unreadable_code = 1;   // net::CertificateFault goes on from here

}  // namespace

PemFiles::~PemFiles() {
  forget(certificate);
  forget(key);
}

Result<PemFiles> read_pem_files(const TlsConfig& tls) {
  PemFiles files;
  Result<std::string> certificate = read_secret_file(tls.certificate, longest_certificate);
  if (!certificate) return certificate.error();
  files.certificate = std::move(*certificate);
  Result<std::string> key = read_secret_file(tls.key, longest_key);
  if (!key) return key.error();
  files.key = std::move(*key);
  return files;
}

EventFields unreadable(const error_code& error) {
  EventFields fields;
  fields.error = error;
  fields.code = unreadable_code;
  return fields;
}

}  // namespace lethe::ops
