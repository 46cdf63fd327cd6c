#pragma once
#include <string>

#include "base/event_log.hpp"
#include "ops/config.hpp"

namespace lethe::ops {

// A certificate chain and its key as they stand in their files; overwritten at the end.
struct PemFiles {
  std::string certificate;
  std::string key;

  PemFiles() = default;
  PemFiles(PemFiles&&) = default;
  PemFiles& operator=(PemFiles&&) = delete;
  ~PemFiles();
};

// Precondition: the configuration names both. Error: of the first that can't be read (ops/secret_file.hpp).
Result<PemFiles> read_pem_files(const TlsConfig& tls);
// What the log says then, with `certificate_rejected`.
EventFields unreadable(const error_code& error);

}  // namespace lethe::ops
