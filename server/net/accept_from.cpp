#include "net/accept_from.hpp"

#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>

namespace lethe::net {

Result<Accepted> accept_from(int listener) noexcept {
  for (;;) {
    boost::asio::ip::tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    const int socket = ::accept4(listener, peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      peer.resize(size);
      return Accepted{Descriptor{socket}, peer.address()};
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return boost::asio::error::would_block;
    if (errno != EINTR && errno != ECONNABORTED && errno != EPROTO) return error_code{errno, boost::system::system_category()};
  }
}

}  // namespace lethe::net
