#include "ops/predecessor.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>

#include <lethe/base/wipe.hpp>

#include "base/hand_over.hpp"

namespace lethe::ops {
namespace {

constexpr timeval patience{60, 0};
constexpr std::size_t most_sockets = 3;

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error{"take over: " + why}; }

// -1 where nobody listens there.
Descriptor connect_to(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() > longest_hand_over_name) refuse("the name is too long");
  std::memcpy(address.sun_path, name.data(), name.size());
  const bool abstract = name.front() == '@';
  if (abstract) address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + (abstract ? 0 : 1));
  Descriptor socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (socket.get() < 0) refuse("no socket can be had");
  for (const int limit : {SO_RCVTIMEO, SO_SNDTIMEO}) (void)::setsockopt(socket.get(), SOL_SOCKET, limit, &patience, sizeof patience);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0) return socket;
  if (errno != ECONNREFUSED && errno != ENOENT) refuse("the running relay can't be reached: " + std::string{std::strerror(errno)});
  return {};
}

bool same_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

// Keeps what descriptors come with it, at most as many as there should be.
bool receive(int socket, HandOverAnswer& answer, std::array<Descriptor, most_sockets>& sockets) {
  iovec part{&answer, sizeof answer};
  alignas(cmsghdr) char control[CMSG_SPACE(most_sockets * sizeof(int))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t got = ::recvmsg(socket, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
  for (const cmsghdr* at = CMSG_FIRSTHDR(&message); at != nullptr; at = CMSG_NXTHDR(&message, const_cast<cmsghdr*>(at))) {
    if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (at->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count && i < most_sockets; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(at) + i * sizeof(int), sizeof descriptor);
      sockets[i] = Descriptor{descriptor};
    }
  }
  return got == static_cast<ssize_t>(sizeof answer) && (message.msg_flags & MSG_CTRUNC) == 0;
}

// Out of the way: the event loops' descriptors then have the numbers that they have at every start, and so the filter of system calls,
// which names them, is the same.
void put_aside(Descriptor& descriptor) {
  constexpr int aside = 900;
  const int number = descriptor.get() < 0 ? -1 : ::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, aside);
  if (number >= 0) descriptor = Descriptor{number};
}

void check(const HandOverAnswer& answer) {
  if (answer.greeting.magic != hand_over_magic) refuse("what listens there is no relay");
  switch (answer.welcome) {
    case HandOverWelcome::welcome: break;
    case HandOverWelcome::other_user: refuse("the running relay is another user's");
    case HandOverWelcome::going_down: refuse("the running relay is going down");
    case HandOverWelcome::other_version:
      refuse("the running relay hands over in version " + std::to_string(answer.greeting.version) + ", this program takes over in version " +
             std::to_string(hand_over_version));
  }
  if (answer.greeting.version != hand_over_version) refuse("the running relay hands over in another version");
}

}  // namespace

Predecessor::~Predecessor() { wipe(&hash, sizeof hash); }

std::unique_ptr<Predecessor> find_predecessor(const std::string& name, bool required) {
  if (name.empty()) return nullptr;
  auto found = std::make_unique<Predecessor>();
  found->connection = connect_to(name);
  if (found->connection.get() < 0) {
    if (required) refuse("no relay runs there (hand_over)");
    return nullptr;
  }
  if (!same_user(found->connection.get())) refuse("what listens there is another user's");
  const HandOverGreeting greeting;
  HandOverAnswer answer;
  std::array<Descriptor, most_sockets> sockets;
  const bool asked = ::send(found->connection.get(), &greeting, sizeof greeting, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof greeting);
  if (!asked || !receive(found->connection.get(), answer, sockets)) refuse("the running relay gives no answer");
  check(answer);
  found->listener = std::move(sockets[0]);
  if (answer.admin == 1) found->admin = std::move(sockets[1]);
  found->hand_over = std::move(sockets[answer.admin == 1 ? 2 : 1]);
  if (found->listener.get() < 0 || found->hand_over.get() < 0) refuse("the running relay gives no sockets");
  for (Descriptor* const each : {&found->connection, &found->listener, &found->admin, &found->hand_over}) put_aside(*each);
  found->epoch = Epoch{answer.epoch};
  found->hash = answer.hash;
  wipe(&answer, sizeof answer);
  return found;
}

}  // namespace lethe::ops
