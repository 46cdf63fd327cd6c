#pragma once
// The relay's TLS: one SSL_CTX for all threads. TLS 1.3 (1.2 with AEAD suites only by configuration), no compression, no
// renegotiation, no early data, no key log; no session cache, and no tickets unless resumption is turned on (then
// stateless ones whose keys live in memory and rotate). Source: docs/operations.md, «TLS».
#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "net/ticket_keys.hpp"

namespace lethe::net {

struct TlsOptions {
  bool allow_tls12 = false;
  bool resumption = false;
  // PEM texts; both empty: a development certificate for `name` is made in memory.
  std::string certificate;
  std::string key;
  std::string name = "localhost";
};

class TlsContext {
 public:
  // Throws std::runtime_error with one clear sentence.
  explicit TlsContext(const TlsOptions& options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  SSL_CTX* native() const noexcept { return context_.get(); }
  bool development() const noexcept { return development_; }
  // SHA-256 of the certificate's DER form, as 64 lower-case hex digits.
  std::string fingerprint() const;

 private:
  struct Free {
    void operator()(SSL_CTX* context) const noexcept;
  };
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<TicketKeys> ticket_keys_;
  bool development_ = false;
};

}  // namespace lethe::net
