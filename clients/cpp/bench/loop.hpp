#pragma once
// Waits for many peers at once (epoll(7), edge-triggered). One thread.
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "bench/peer.hpp"

namespace lethe::bench {

using Clock = std::chrono::steady_clock;

class Loop {
 public:
  Loop() : epoll_{::epoll_create1(EPOLL_CLOEXEC)} {}
  ~Loop() { ::close(epoll_); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void watch(Peer& peer) const {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.ptr = &peer;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, peer.socket(), &event);
  }
  // One wait of at most so long, then `turn(peer)` for each that has something.
  template <class Turn>
  void turn(std::chrono::milliseconds at_most, const Turn& turn) const {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(at_most.count()));
    for (int i = 0; i < count; ++i) {
      Peer& peer = *static_cast<Peer*>(events[static_cast<std::size_t>(i)].data.ptr);
      peer.flush();
      turn(peer);
    }
  }

 private:
  int epoll_;
};

}  // namespace lethe::bench
