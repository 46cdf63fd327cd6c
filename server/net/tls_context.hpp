#pragma once
// The relay's TLS: one SSL_CTX for all threads. TLS 1.3 (1.2 with AEAD suites only by configuration), no compression, no
// renegotiation, no early data, no key log; no session cache, and no tickets unless resumption is turned on (then
// stateless ones whose keys live in memory and rotate). Source: docs/operations.md, «TLS».
#include <openssl/types.h>

#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "net/ticket_keys.hpp"

namespace lethe::net {

struct TlsOptions {
  bool allow_tls12 = false;
  bool resumption = false;
  // PEM texts; both empty: a development certificate for `name` is made in memory.
  std::string certificate;
  std::string key;
  std::string name = "localhost";

  // Overwrites the PEM texts.
  void forget_pem() noexcept;
};

// Why a certificate isn't taken. The numbers are the log's; 1 is a file that can't be read, which is not seen here.
enum class CertificateFault : std::uint32_t { no_certificate = 2, chain = 3, key = 4, mismatch = 5, out_of_date = 6 };

// A session holds the one that it began with, so that an older one lasts as long as its sessions.
class TlsContext {
 public:
  // Throws std::runtime_error with one clear sentence.
  explicit TlsContext(const TlsOptions& options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  using Renewed = boost::system::result<std::shared_ptr<TlsContext>, CertificateFault>;
  // From PEM texts that came while running; unlike at the start, they must be valid now. Tickets of another context are
  // not honoured.
  static Renewed renewed(const TlsOptions& options);

  SSL_CTX* native() const noexcept { return context_.get(); }
  bool development() const noexcept { return development_; }
  // Of the certificate's DER form.
  Digest fingerprint() const;

  // The keys of its tickets on their way to another process, as bytes; empty where it issues none. To be overwritten.
  std::vector<std::uint8_t> move_out_tickets() const;
  // Honours these, too, where it issues tickets itself and has the same certificate.
  void move_in_tickets(std::span<const std::uint8_t> moved) const;

 private:
  struct Bare {};
  TlsContext(const TlsOptions& options, Bare);
  std::optional<CertificateFault> use_pem(const TlsOptions& options);
  void use_development_certificate(const std::string& name);
  bool valid_now() const;

  struct Free {
    void operator()(SSL_CTX* context) const noexcept;
  };
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<TicketKeys> ticket_keys_;
  bool development_ = false;
};

}  // namespace lethe::net
