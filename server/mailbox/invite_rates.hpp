#pragma once
// How many messages each rate-limited invite has brought within the hour: a fixed window that begins with its first
// message. Bounded: beyond `capacity` invites the one whose window began first starts anew. One thread.
#include <cstddef>
#include <cstdint>
#include <deque>

#include <boost/unordered/unordered_flat_map.hpp>

#include <lethe/base/time.hpp>

namespace lethe::mailbox {

class InviteRates {
 public:
  static constexpr seconds window{3'600};

  explicit InviteRates(std::uint64_t capacity) : capacity_{capacity} {}

  // 0 where the invite may bring one more message now; else the seconds until it may, 1 … 3,600.
  seconds wait(std::uint64_t invite, std::uint16_t rate, Monotonic now) const;
  // Counts a message.
  void count(std::uint64_t invite, Monotonic now);
  // Forgets at most `budget` windows that have ended.
  void age(Monotonic now, std::size_t budget);
  std::size_t size() const noexcept { return windows_.size(); }

  struct Ending {
    std::uint64_t invite;
    Monotonic end;
  };
  // By end.
  const std::deque<Ending>& endings() const noexcept { return order_; }
  // Within the window that is under way.
  std::uint32_t messages(std::uint64_t invite) const;
  // Takes over a window that ends no earlier than any other.
  void restore(const Ending& window, std::uint32_t messages);

 private:
  struct Window {
    Monotonic end;
    std::uint32_t messages = 0;
  };
  void forget_first();

  std::uint64_t capacity_;
  boost::unordered_flat_map<std::uint64_t, Window> windows_;
  std::deque<Ending> order_;   // by end; one for each window
};

}  // namespace lethe::mailbox
