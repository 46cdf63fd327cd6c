// Sends a packet of a protocol that no port belongs to.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_raw_socket(Bytes bytes, const char*) {
  const int socket = ::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 253);
  if (socket < 0) return errno;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(0);
  to.sin_addr.s_addr = htonl(0xc6336403);   // TEST-NET-2 (RFC 5737)
  const ssize_t sent = ::sendto(socket, bytes.data(), std::min<std::size_t>(bytes.size(), 512), MSG_DONTWAIT,
                                reinterpret_cast<const sockaddr*>(&to), sizeof to);
  const int error = sent > 0 ? 0 : errno;
  ::close(socket);
  return error;
}

}  // namespace lethe::leaks
