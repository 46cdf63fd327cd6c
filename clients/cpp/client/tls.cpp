#include "client/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace lethe::client {

namespace ssl = boost::asio::ssl;

TlsSettings::TlsSettings(const Trust& trust) : trust_(trust), context_(ssl::context::tls_client) {
  SSL_CTX_set_min_proto_version(context_.native_handle(), trust.allow_tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
  SSL_CTX_set_options(context_.native_handle(), SSL_OP_CLEANSE_PLAINTEXT);
  SSL_CTX_set_session_cache_mode(context_.native_handle(), SSL_SESS_CACHE_OFF);
  if (trust.insecure || trust.pin) {
    context_.set_verify_mode(ssl::verify_none);  // a pin is checked after the handshake, before anything is sent
    return;
  }
  context_.set_verify_mode(ssl::verify_peer);
  if (trust.ca_file.empty()) {
    context_.set_default_verify_paths();
  } else {
    context_.load_verify_file(trust.ca_file);
  }
}

void TlsSettings::prepare(SSL* ssl, const std::string& host) const {
  error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  if (not_an_address) {
    SSL_set_tlsext_host_name(ssl, host.c_str());  // RFC 6066: names only
    SSL_set1_host(ssl, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
  }
}

error_code TlsSettings::check_pin(SSL* ssl) const {
  if (!trust_.pin) return {};
  X509* const certificate = SSL_get1_peer_certificate(ssl);
  if (certificate == nullptr) return Error::pin_mismatch;
  Fingerprint found;
  unsigned size = 0;
  const bool digested = X509_digest(certificate, EVP_sha256(), found.bytes.data(), &size) == 1 && size == Fingerprint::size;
  X509_free(certificate);
  if (!digested || found != *trust_.pin) return Error::pin_mismatch;
  return {};
}

std::optional<std::array<std::uint8_t, 32>> tls_exporter(SSL* ssl) {
  static constexpr std::string_view label = "EXPORTER-Channel-Binding";
  std::array<std::uint8_t, 32> binding{};
  const int done = SSL_export_keying_material(ssl, binding.data(), binding.size(), label.data(), label.size(), nullptr, 0, 1);
  if (done != 1) return std::nullopt;
  return binding;
}

error_code explain_handshake(SSL* ssl, error_code error) {
  return SSL_get_verify_result(ssl) != X509_V_OK && (SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER) != 0
             ? make_error_code(Error::untrusted_certificate)
             : error;
}

}  // namespace lethe::client
