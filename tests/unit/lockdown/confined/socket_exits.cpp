#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "unit/lockdown/confined/exits.hpp"

namespace lethe::lockdown {
namespace {

constexpr char canary[] = "canary";
constexpr std::size_t length = sizeof canary - 1;

int outcome(long result) { return result < 0 ? errno : 0; }

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = ::htons(port);
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* plain(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

int made(int family, int type, int protocol = 0) {
  const int socket = ::socket(family, type | SOCK_CLOEXEC, protocol);
  if (socket < 0) return errno;
  ::close(socket);
  return 0;
}

int connected(int socket, std::uint16_t port) {
  if (socket < 0) return errno;
  const sockaddr_in address = loopback(port);
  return outcome(::connect(socket, plain(address), sizeof address));
}

int sent_to(int socket, std::uint16_t port, int flags) {
  if (socket < 0) return errno;
  const sockaddr_in address = loopback(port);
  return outcome(::sendto(socket, canary, length, flags, plain(address), sizeof address));
}

// To a socket of this process, bound to a path or to an abstract name.
int sent_to_name(const ExitScene& scene, bool abstract) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = abstract ? std::string("\0lethe-exit", 11) : scene.path("log");
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + (abstract ? 0 : 1));
  const auto* const at = reinterpret_cast<const sockaddr*>(&address);
  const int receiver = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (receiver < 0) return errno;
  if (::bind(receiver, at, size) != 0) return errno;
  return outcome(::sendto(receiver, canary, length, 0, at, size));
}

int listens(const ExitScene& scene) {
  const sockaddr_in address = loopback(0);
  if (::bind(scene.stream, plain(address), sizeof address) != 0) return errno;
  return outcome(::listen(scene.stream, 1));
}

int set_option(int socket, int level, int option) {
  const int on = 1;
  return outcome(::setsockopt(socket, level, option, &on, sizeof on));
}

constexpr Exit content[]{
    {"a TCP connection", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return connected(::socket(AF_INET, SOCK_STREAM, 0), s.tcp_port); }},
    {"a TCP connection over an open socket", OpenTo::everyone, EPERM, [](const ExitScene& s) { return connected(s.stream, s.tcp_port); }},
    {"a fast open over an open socket", OpenTo::some, EPERM,
     [](const ExitScene& s) { return sent_to(s.stream, s.tcp_port, MSG_FASTOPEN); }},
    {"a fast open by option", OpenTo::some, EPERM,
     [](const ExitScene& s) { return set_option(s.stream, IPPROTO_TCP, TCP_FASTOPEN_CONNECT); }},
    {"a multipath TCP connection", OpenTo::some, EPERM,
     [](const ExitScene& s) { return connected(::socket(AF_INET, SOCK_STREAM, 262), s.tcp_port); }},
    {"another port to listen on", OpenTo::everyone, EPERM, listens},
    {"a UDP datagram", OpenTo::everyone, EPERM,
     [](const ExitScene& s) { return sent_to(::socket(AF_INET, SOCK_DGRAM, 0), s.udp_port, 0); }},
    {"a UDP datagram over an open socket", OpenTo::everyone, EPERM, [](const ExitScene& s) { return sent_to(s.datagram, s.udp_port, 0); }},
    {"a raw socket", OpenTo::root, EPERM, [](const ExitScene&) { return made(AF_INET, SOCK_RAW, IPPROTO_ICMP); }},
    {"a packet socket", OpenTo::some, EPERM, [](const ExitScene&) { return made(AF_PACKET, SOCK_RAW); }},
    {"a datagram to a path", OpenTo::everyone, EPERM, [](const ExitScene& s) { return sent_to_name(s, false); }},
    {"a datagram to an abstract name", OpenTo::everyone, EPERM, [](const ExitScene& s) { return sent_to_name(s, true); }},
    {"a pair of sockets", OpenTo::everyone, EPERM,
     [](const ExitScene&) {
       int ends[2];
       return outcome(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
     }},
    {"the kernel's messages", OpenTo::everyone, EPERM, [](const ExitScene&) { return made(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); }},
    {"the hypervisor's sockets", OpenTo::some, EPERM, [](const ExitScene&) { return made(AF_VSOCK, SOCK_STREAM); }},
    {"the kernel's cryptography", OpenTo::some, EPERM, [](const ExitScene&) { return made(AF_ALG, SOCK_SEQPACKET); }},
    {"a mark on packets", OpenTo::some, EPERM, [](const ExitScene& s) { return set_option(s.datagram, SOL_SOCKET, SO_PRIORITY); }},
};

}  // namespace

std::span<const Exit> socket_exits() { return content; }

}  // namespace lethe::lockdown
