#include "support/hand_over_tap.hpp"

#include <csignal>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace lethe::test {
namespace {

constexpr std::size_t greeting_size = 16;

std::pair<sockaddr_un, socklen_t> abstract(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data() + 1, name.size() - 1);
  return {address, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())};
}

// Passes on what has come, with its descriptors; 0 at the end, -1 where nothing can be passed on.
ssize_t pass_on(int from, int to, std::vector<char>& heard) {
  heard.resize(65'536);
  iovec part{heard.data(), heard.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t got = ::recvmsg(from, &message, 0);
  if (got <= 0) return got;
  heard.resize(static_cast<std::size_t>(got));
  if (to < 0) return got;
  part.iov_len = heard.size();
  const ssize_t sent = ::sendmsg(to, &message, MSG_NOSIGNAL);
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_type == SCM_RIGHTS) {
    for (std::size_t at = 0; at < header->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(header) + at, sizeof descriptor);
      ::close(descriptor);
    }
  }
  for (std::size_t at = static_cast<std::size_t>(std::max<ssize_t>(sent, 0)); at < heard.size();) {
    const ssize_t more = ::send(to, heard.data() + at, heard.size() - at, MSG_NOSIGNAL);
    if (more <= 0) return -1;
    at += static_cast<std::size_t>(more);
  }
  return sent < 0 ? -1 : got;
}

void await_end(int socket) {
  char byte = 0;
  while (::recv(socket, &byte, 1, 0) > 0) {
  }
}

pid_t process_of(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size);
  return peer.pid;
}

}  // namespace

std::string hand_over_name() {
  static int number = 0;
  return "@lethe-test-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
}

int connect_hand_over(const std::string& name) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto [address, size] = abstract(name);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0) return socket;
  ::close(socket);
  return -1;
}

HandOverTap::HandOverTap(const std::string& relay, const Cut& cut, pid_t relay_pid) : name_{hand_over_name()} {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto [address, size] = abstract(name_);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_, 1) != 0) {
    throw std::runtime_error{"the tap can't listen"};
  }
  thread_ = std::thread{[this, relay, cut, relay_pid] { run(relay, cut, relay_pid); }};
}

HandOverTap::~HandOverTap() { join(); }

bool HandOverTap::join() {
  if (thread_.joinable()) thread_.join();
  return cut_;
}

void HandOverTap::run(std::string relay, Cut cut, pid_t relay_pid) {
  const int successor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  ::close(listener_);
  const int upstream = connect_hand_over(relay);
  std::size_t relay_bytes = 0;
  std::size_t steps = 0;
  std::vector<char> heard;
  pollfd polled[]{{successor, POLLIN, 0}, {upstream, POLLIN, 0}};
  while (!cut_ && ::poll(polled, 2, -1) > 0) {
    if (polled[1].revents != 0) {
      const ssize_t got = pass_on(upstream, successor, heard);
      if (got <= 0) break;
      relay_bytes += static_cast<std::size_t>(got);
      cut_ = cut.after_relay_bytes && relay_bytes >= *cut.after_relay_bytes;
    } else if (polled[0].revents != 0) {
      const ssize_t got = pass_on(successor, -1, heard);
      if (got <= 0) break;
      steps += heard.size();
      cut_ = cut.at_step && steps > greeting_size && heard.back() == *cut.at_step;
      if (cut_ && !cut.relay_dies) {
        ::kill(process_of(successor), SIGKILL);
      }
      if (!cut_ || !cut.relay_dies) (void)::send(upstream, heard.data(), heard.size(), MSG_NOSIGNAL);
    }
  }
  if (cut_ && cut.relay_dies) ::kill(relay_pid, SIGKILL);
  if (cut_ && cut.after_relay_bytes) ::kill(process_of(successor), SIGKILL);
  // What was killed is the successor's broker; its relay follows. It must be dead before it hears that the line has ended, for
  // to it that would mean the other's death.
  if (cut_ && !cut.relay_dies) await_end(successor);
  ::close(upstream);
  ::close(successor);
}

}  // namespace lethe::test
