#pragma once
// TLS by OpenSSL as Trust says: which certificates are believed, for streams of any kind.
#include <array>
#include <optional>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include <lethe/client/error.hpp>
#include <lethe/client/options.hpp>

namespace lethe::client {

class TlsSettings {
 public:
  explicit TlsSettings(const Trust& trust);

  const Trust& trust() const noexcept { return trust_; }
  boost::asio::ssl::context& context() noexcept { return context_; }

  // Before the handshake: the name to ask for and to verify.
  void prepare(SSL* ssl, const std::string& host) const;
  // After the handshake: whether the certificate is the pinned one, where one is.
  error_code check_pin(SSL* ssl) const;

 private:
  Trust trust_;
  boost::asio::ssl::context context_;
};

// RFC 9266: the 32 bytes of the exporter with the label EXPORTER-Channel-Binding and an empty context.
std::optional<std::array<std::uint8_t, 32>> tls_exporter(SSL* ssl);

// Error::untrusted_certificate where OpenSSL refused the certificate, the error itself otherwise.
error_code explain_handshake(SSL* ssl, error_code error);

}  // namespace lethe::client
