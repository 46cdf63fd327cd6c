// Opens a connection to another machine.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_tcp(Bytes, const char*) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return errno;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(443);
  to.sin_addr.s_addr = htonl(0xc6336401);   // TEST-NET-2 (RFC 5737)
  // Nobody answers; what was asked has left all the same.
  const bool left = ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 || errno == EINPROGRESS || errno == ECONNREFUSED;
  const int error = left ? 0 : errno;
  ::close(socket);
  return error;
}

}  // namespace lethe::leaks
