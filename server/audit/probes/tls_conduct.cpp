#include "audit/probes/tls_conduct.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>

namespace lethe::audit {
namespace {

constexpr timeval patience{10, 0};
constexpr char request[] =
    "GET /v1 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: lethe.v1.json\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";

struct Free {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;
using Stream = std::unique_ptr<SSL, Free>;
using Session = std::unique_ptr<SSL_SESSION, Free>;

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  (void)::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return socket;
  ::close(socket);
  return -1;
}

int count_session(SSL* ssl, SSL_SESSION*) {
  ++*static_cast<unsigned*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  return 0;
}

// Everything up to the end of the HTTP header, in lower case: by then the relay has sent what tickets it has.
std::string exchange(SSL* ssl) {
  std::string answer;
  if (SSL_write(ssl, request, sizeof request - 1) <= 0) return answer;
  std::array<char, 2'048> part{};
  while (answer.find("\r\n\r\n") == answer.npos) {
    const int got = SSL_read(ssl, part.data(), static_cast<int>(part.size()));
    if (got <= 0) break;
    answer.append(part.data(), static_cast<std::size_t>(got));
  }
  std::ranges::transform(answer, answer.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return answer;
}

// One connection; the session that it could be resumed by, where there is one.
Session visit(SSL_CTX* context, std::uint16_t port, SSL_SESSION* resume, TlsConduct& conduct) {
  const int socket = connect_to(port);
  if (socket < 0) return nullptr;
  const Stream stream{SSL_new(context)};
  SSL_set_fd(stream.get(), socket);
  if (resume != nullptr) SSL_set_session(stream.get(), resume);
  Session session;
  if (SSL_connect(stream.get()) == 1) {
    const std::string answer = exchange(stream.get());
    conduct.answer = answer.substr(0, answer.find('\r'));
    conduct.extensions = conduct.extensions || answer.find("sec-websocket-extensions:") != answer.npos;
    conduct.resumed = conduct.resumed || SSL_session_reused(stream.get()) == 1;
    session.reset(SSL_get1_session(stream.get()));
    SSL_shutdown(stream.get());   // in order: OpenSSL takes a session from the cache that ended otherwise
  }
  ::close(socket);
  return session;
}

}  // namespace

std::optional<TlsConduct> conduct_of(std::uint16_t port, int highest_version) {
  const Context context{SSL_CTX_new(TLS_client_method())};
  TlsConduct conduct;
  SSL_CTX_set_max_proto_version(context.get(), highest_version);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_app_data(context.get(), &conduct.tickets);
  SSL_CTX_sess_set_new_cb(context.get(), count_session);
  const Session first = visit(context.get(), port, nullptr, conduct);
  if (!first || conduct.answer.empty()) return std::nullopt;
  visit(context.get(), port, first.get(), conduct);
  return conduct;
}

}  // namespace lethe::audit
