// A sender keeps `window` messages between its send and the receiver's acknowledgement.
#include <atomic>
#include <barrier>

#include "bench/pairs.hpp"
#include "bench/threads.hpp"
#include "bench/usage.hpp"

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
    pair.room += received;
    top_up(pair);
  }

  const Options& options_;
  Loop loop_;
  Bytes payload_;
  std::vector<Pair> pairs_;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace

Figures run_relay(const Options& options) {
  std::barrier begin{static_cast<std::ptrdiff_t>(options.threads)};
  std::atomic<std::uint64_t> messages{0};
  std::atomic<std::uint64_t> microseconds{0};
  Usage before;
  Usage after;
  on_threads(options.threads, [&](unsigned thread) {
    Part part{options, thread};
    begin.arrive_and_wait();
    const auto warm = Clock::now() + std::chrono::seconds{1};
    part.begin();
    part.turn_until(warm);
    const std::uint64_t so_far = part.acknowledged();
    const auto began = Clock::now();
    if (thread == 0) before = usage_of(options.pid);
    part.turn_until(warm + std::chrono::seconds{options.seconds});
    if (thread == 0) {
      after = usage_of(options.pid);
      microseconds = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count());
    }
    messages += part.acknowledged() - so_far;
  });
  const auto count = static_cast<double>(messages);
  Figures figures{{"messages_per_second", count / static_cast<double>(microseconds) * 1e6}};
  if (options.pid > 0) {
    figures.push_back({"server_us_per_message", (after.busy() - before.busy()) / count * 1e6});
    figures.push_back({"server_user_us_per_message", (after.user - before.user) / count * 1e6});
    figures.push_back({"server_percent_of_a_core", (after.busy() - before.busy()) / static_cast<double>(microseconds) * 1e8});
  }
  return figures;
}

}  // namespace lethe::bench
