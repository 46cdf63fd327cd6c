// A sender keeps `window` messages between its send and the receiver's acknowledgement.
#include <atomic>

#include "bench/fill.hpp"
#include "bench/meter.hpp"
#include "bench/threads.hpp"

namespace lethe::bench {
namespace {

class Part {
 public:
  Part(const Options& options, unsigned thread) : options_{options}, payload_(options.payload, 0x5a), pairs_{connect_pairs(options, thread, loop_)} {}

  void begin() {
    for (Pair& pair : pairs_) {
      pair.room = options_.window;
      top_up(pair);
    }
  }
  void turn_until(Clock::time_point end) {
    while (Clock::now() < end) loop_.turn(std::chrono::milliseconds{50}, [this](Peer& peer) { turn(peer); });
  }
  // For a second at least, and until every pair has had a message: its invite was new to the server.
  void warm_up() {
    constexpr std::chrono::seconds patience{30};
    const auto until = Clock::now() + patience;
    turn_until(Clock::now() + std::chrono::seconds{1});
    while (heard_ < pairs_.size()) {
      turn_until(Clock::now() + std::chrono::milliseconds{50});
      if (Clock::now() > until) throw std::runtime_error{"a pair has heard nothing"};
    }
  }
  std::uint64_t acknowledged() const noexcept { return acknowledged_; }

 private:
  void top_up(Pair& pair) {
    for (; pair.room > 0; --pair.room) pair.sender->post(pair.to, payload_);
    pair.sender->send();
  }
  void turn(Peer& peer) {
    unsigned received = 0;
    peer.read([&received](View) { ++received; });
    if (peer.refused > 0) throw std::runtime_error{"the server refused a message"};
    if (received == 0) return;
    acknowledged_ += received;
    Pair& pair = pairs_[peer.tag / 2];
    heard_ += pair.heard ? 0 : 1;
    pair.heard = true;
    pair.room += received;
    top_up(pair);
  }

  const Options& options_;
  Loop loop_;
  Bytes payload_;
  std::vector<Pair> pairs_;
  std::size_t heard_ = 0;   // pairs
  std::uint64_t acknowledged_ = 0;
};

// Mailboxes of devices that stay away, and messages that wait in them.
void stand_by(const Options& options) {
  constexpr std::size_t first = 20'000'000;   // none of the pairs
  if (options.known == 0) return;
  introduce(options.server, first, options.known);
  fill(options, first, options.standing, options.known);
}

}  // namespace

Figures run_relay(const Options& options) {
  std::barrier barrier{static_cast<std::ptrdiff_t>(options.threads)};
  std::atomic<std::uint64_t> messages{0};
  stand_by(options);
  Meter meter{options};
  on_threads(options.threads, [&](unsigned thread) {
    Seat seat{barrier};
    Part part{options, thread};
    part.begin();
    part.warm_up();
    seat.wait();
    const std::uint64_t so_far = part.acknowledged();
    if (thread == 0) meter.start();
    part.turn_until(Clock::now() + std::chrono::seconds{options.seconds});
    if (thread == 0) meter.stop();
    messages += part.acknowledged() - so_far;
  });
  const auto count = static_cast<double>(messages);
  Figures figures{{"messages_per_second", count / meter.seconds()}};
  meter.add_to(figures, "message", count);
  return figures;
}

}  // namespace lethe::bench
