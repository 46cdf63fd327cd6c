#include "audit/peer/tls_client.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lethe::peer {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

bool await_socket(int socket, short events, Clock::time_point end) {
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
    if (left.count() <= 0) return false;
    pollfd waited{socket, events, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(left.count()) + 1);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace

TlsClient::TlsClient(std::uint16_t port, const TlsSettings& settings) {
  try {
    connect(port, settings);
  } catch (...) {
    drop();
    throw;
  }
}

TlsClient::TlsClient(TlsClient&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)},
      context_{std::exchange(other.context_, nullptr)},
      ssl_{std::exchange(other.ssl_, nullptr)},
      tap_{std::move(other.tap_)},
      secrets_{std::move(other.secrets_)} {}

TlsClient::~TlsClient() { drop(); }

void TlsClient::connect(std::uint16_t port, const TlsSettings& settings) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int segment = settings.largest_segment;
  if (segment > 0) ::setsockopt(socket_, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
  const int buffer = settings.receive_buffer;
  if (buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(settings.source);
  if (settings.source != 0 && ::bind(socket_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) {
    throw std::runtime_error{"the source address can't be had"};
  }
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error{"connection refused"};
  ::fcntl(socket_, F_SETFL, O_NONBLOCK);
  const int at_once = 1;   // small frames one after the other would each wait for an acknowledgement
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  context_ = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_verify(context_, SSL_VERIFY_NONE, nullptr);
  if (settings.highest != 0) SSL_CTX_set_max_proto_version(context_, settings.highest);
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, socket_);
  SSL_set_tlsext_host_name(ssl_, "localhost");
  if (settings.resume) SSL_set_session(ssl_, settings.resume.get());
  if (settings.secrets) {
    secrets_ = std::make_unique<Tap>(settings.secrets);
    SSL_set_app_data(ssl_, reinterpret_cast<char*>(secrets_.get()));
    SSL_CTX_set_keylog_callback(context_, hear_secret);
  }
  const auto end = Clock::now() + patience;
  ERR_clear_error();
  for (int result; (result = SSL_connect(ssl_)) != 1;) {
    if (!await(result, end)) throw std::runtime_error{"the TLS handshake failed"};
  }
  if (!settings.tap) return;
  tap_ = std::make_unique<Tap>(settings.tap);
  BIO* const bio = SSL_get_rbio(ssl_);   // and for writing: SSL_set_fd makes one for both
  BIO_set_callback_arg(bio, reinterpret_cast<char*>(tap_.get()));
  BIO_set_callback_ex(bio, overhear);
}

// SSL_CTX_set_keylog_callback(3): «LABEL CLIENT-RANDOM SECRET», the last two in hex.
void TlsClient::hear_secret(const SSL* ssl, const char* line) {
  const std::string_view text{line};
  long size = 0;
  const std::string hex{text.substr(text.rfind(' ') + 1)};
  unsigned char* const bytes = OPENSSL_hexstr2buf(hex.c_str(), &size);
  if (bytes == nullptr) return;
  (*static_cast<const Tap*>(SSL_get_app_data(ssl)))({bytes, static_cast<std::size_t>(size)});
  OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
}

// BIO_set_callback_ex(3): once more after each operation, with how much was done.
long TlsClient::overhear(BIO* bio, int operation, const char* bytes, std::size_t, int, long, int result, std::size_t* done) {
  const bool moved = operation == (BIO_CB_READ | BIO_CB_RETURN) || operation == (BIO_CB_WRITE | BIO_CB_RETURN);
  if (moved && result > 0 && done != nullptr) {
    (*reinterpret_cast<const Tap*>(BIO_get_callback_arg(bio)))({reinterpret_cast<const std::uint8_t*>(bytes), *done});
  }
  return result;
}

bool TlsClient::await(int result, Clock::time_point end) {
  const int wanted = SSL_get_error(ssl_, result);
  ERR_clear_error();
  if (wanted == SSL_ERROR_WANT_READ) return await_socket(socket_, POLLIN, end);
  if (wanted == SSL_ERROR_WANT_WRITE) return await_socket(socket_, POLLOUT, end);
  return false;
}

bool TlsClient::write(std::span<const std::uint8_t> bytes, milliseconds limit) {
  if (ssl_ == nullptr) return false;
  const auto end = Clock::now() + limit;
  while (!bytes.empty()) {
    std::size_t written = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_, bytes.data(), std::min<std::size_t>(bytes.size(), 16'384), &written);
    if (result == 1) bytes = bytes.subspan(written);
    else if (!await(result, end)) return false;
  }
  return true;
}

bool TlsClient::write(std::string_view text) {
  return write(std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string TlsClient::read(milliseconds limit) {
  if (ssl_ == nullptr) return {};
  const auto end = Clock::now() + limit;
  std::string bytes(16'384, '\0');
  for (;;) {
    std::size_t got = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_, bytes.data(), bytes.size(), &got);
    if (result == 1) {
      bytes.resize(got);
      return bytes;
    }
    const int wanted = SSL_get_error(ssl_, result);
    if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) return {};
    if (!await(result, end)) throw std::runtime_error{"the relay said nothing in time"};
  }
}

std::string TlsClient::read_all() {
  std::string all;
  for (std::string part; !(part = read()).empty();) all += part;
  return all;
}

void TlsClient::drop() noexcept {
  SSL_free(std::exchange(ssl_, nullptr));
  SSL_CTX_free(std::exchange(context_, nullptr));
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

bool TlsClient::resumed() const { return SSL_session_reused(ssl_) == 1; }
int TlsClient::version() const { return SSL_version(ssl_); }
TlsSession TlsClient::session() const { return TlsSession{SSL_get1_session(ssl_), SSL_SESSION_free}; }

std::array<std::uint8_t, 32> TlsClient::exporter() const {
  constexpr std::string_view label = "EXPORTER-Channel-Binding";
  const unsigned char empty[1] = {0};   // a context of no bytes is not the same as none before TLS 1.3
  std::array<std::uint8_t, 32> value{};
  if (SSL_export_keying_material(ssl_, value.data(), value.size(), label.data(), label.size(), empty, 0, 1) != 1) {
    throw std::runtime_error{"no TLS exporter"};
  }
  return value;
}

std::string TlsClient::fingerprint() const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509* const certificate = SSL_get1_peer_certificate(ssl_);
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  X509_free(certificate);
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += "0123456789abcdef"[digest[i] >> 4];
    text += "0123456789abcdef"[digest[i] & 15];
  }
  return text;
}

std::string HttpReply::value(std::string_view field) const {
  const auto at = head.find("\r\n" + std::string{field} + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + field.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

HttpReply parse_reply(const std::string& text) {
  HttpReply reply;
  const auto end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || end == std::string::npos) return reply;
  reply.status = static_cast<unsigned>(std::stoul(text.substr(9, 3)));
  reply.head = text.substr(0, end + 2);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::ranges::transform(reply.head, reply.head.begin(), lower);
  reply.body = text.substr(end + 4);
  return reply;
}

HttpReply ask(std::uint16_t port, std::string_view request) {
  TlsClient connection{port};
  connection.write(request);
  return parse_reply(connection.read_all());
}

std::string upgrade_request(std::string_view subprotocol, std::string_view fields) {
  std::string request = "GET /v1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  if (!subprotocol.empty()) request += "Sec-WebSocket-Protocol: " + std::string{subprotocol} + "\r\n";
  return request + std::string{fields} + "\r\n";
}

}  // namespace lethe::peer
