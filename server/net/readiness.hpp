#pragma once
// Which sockets of a thread can be read or written: an epoll(7) instance of our own beside Asio's, which waits for all of it.
// Asio arms a descriptor anew for each wait, with a system call; here it is registered once, edge-triggered, and a wait costs
// none. It pays from the second event that comes with one wake-up on.
//
// One thread; it outlives its watches, and the io_context outlives it.
#include <sys/epoll.h>

#include <array>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstddef>

#include "net/executor.hpp"
#include "net/watch.hpp"

namespace lethe::net {

class Readiness {
 public:
  // Throws std::system_error where the kernel has no descriptor left.
  explicit Readiness(asio::io_context& context);
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  Executor executor() noexcept { return epoll_.get_executor(); }

 private:
  friend class Watch;
  // What the kernel says where it takes no more.
  error_code add(int socket, Watch& watch) noexcept;
  void remove(int socket, const Watch& watch) noexcept;
  // No event that has been fetched goes to it any more.
  void forget(const Watch& watch) noexcept;
  void one_more_waits();
  void one_fewer_waits();
  void arm();
  void dispatch();

  asio::posix::basic_stream_descriptor<Executor> epoll_;
  std::array<::epoll_event, 64> events_;
  std::size_t fetched_ = 0;
  std::size_t next_ = 0;
  std::size_t waiting_ = 0;     // sides of watches for which somebody waits
  bool armed_ = false;          // Asio waits for the instance
  bool dispatching_ = false;
};

}  // namespace lethe::net
