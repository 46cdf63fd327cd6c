#pragma once
// One socket's part in its thread's Readiness: who waits for it, and what nobody has waited for yet.
//
// A wait ends when the kernel has reported the socket readable (or writable) since the last one began. So the order is: try,
// and wait only where the socket had nothing left (EAGAIN, or fewer bytes than there was room for: epoll(7)). Where the peer has
// ended its side, no further report comes: then only an end of file says that nothing is left.
#include <cstdint>

#include "net/executor.hpp"
#include "net/waiting.hpp"

namespace lethe::net {

class Readiness;

class Watch {
 public:
  enum class Event : std::uint8_t { readable, writable };

  // `socket`: connected and non-blocking; it is registered with the first wait.
  Watch(Readiness& readiness, int socket) noexcept : readiness_{&readiness}, socket_{socket} {}
  // Precondition: nobody waits.
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  Executor executor() const noexcept;
  // Calls `handler(error_code)` later, from the thread's loop. Several may wait for the same: what one writes may have to wait
  // while Beast answers a ping.
  template <class Completion>
  void wait(Event event, Completion&& completion) {
    begin(event, Waiting::of(std::forward<Completion>(completion)));
  }
  // The peer will send nothing more, or the connection is broken.
  bool ended() const noexcept { return ended_; }
  // The socket is about to be closed: every wait ends with operation_aborted, those that begin later too.
  void close();
  // From here on under another thread, on which the next wait begins. Precondition: nobody waits.
  void move_to(Readiness& readiness) noexcept;

 private:
  friend class Readiness;
  struct Side {
    Waiting waiting;
    bool ready = false;   // reported, and nobody has waited since
  };
  void begin(Event event, Waiting waiting);
  void post(Waiting waiting, error_code error);
  // By the events of epoll_wait(2).
  void happened(std::uint32_t events);
  Waiting take(Side& side);

  Readiness* readiness_;
  int socket_;
  bool registered_ = false;
  bool ended_ = false;
  Side readable_;
  Side writable_;
};

}  // namespace lethe::net
