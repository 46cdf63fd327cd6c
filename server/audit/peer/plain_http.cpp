#include "audit/peer/plain_http.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <string>

namespace lethe::peer {

HttpReply plain_get(std::uint16_t port, std::string_view path) {
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{patience.count(), 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string request = "GET " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  std::string reply;
  if (::connect(connection, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      ::send(connection, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
    char part[4'096];
    for (ssize_t got; (got = ::recv(connection, part, sizeof part, 0)) > 0;) reply.append(part, static_cast<std::size_t>(got));
  }
  ::close(connection);
  return parse_reply(reply);
}

}  // namespace lethe::peer
