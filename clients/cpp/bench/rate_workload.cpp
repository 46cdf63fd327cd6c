// Open loop: a message is sent when it is due, however the server does, and its time runs from then.
#include <mutex>

#include "bench/histogram.hpp"
#include "bench/meter.hpp"
#include "bench/threads.hpp"

namespace lethe::bench {
namespace {

class Part {
 public:
  Part(const Options& options, unsigned thread) : payload_(std::max<std::size_t>(options.payload, 8), 0x5a), pairs_{connect_pairs(options, thread, loop_)} {
    gap_ = std::chrono::nanoseconds{static_cast<std::int64_t>(1e9 * options.threads / options.rate)};
  }

  void run(Clock::time_point begin, Clock::time_point warm, Clock::time_point end) {
    auto due = begin;
    std::size_t next = 0;
    while (Clock::now() < end) {
      for (const auto now = Clock::now(); due <= now && due < end; due += gap_) {
        Pair& pair = pairs_[next++ % pairs_.size()];
        stamp(payload_, due);
        pair.sender->post(pair.to, payload_);
        pair.sender->send();
        ++sent_;
      }
      loop_.turn(std::chrono::milliseconds{gap_ > std::chrono::milliseconds{2} ? 1 : 0}, [&](Peer& peer) { read(peer, warm); });
    }
    // What is late counts as late.
    for (const auto patience = Clock::now() + std::chrono::seconds{10}; received_ < sent_ && Clock::now() < patience;) {
      loop_.turn(std::chrono::milliseconds{50}, [&](Peer& peer) { read(peer, warm); });
    }
  }
  const Histogram& latencies() const noexcept { return latencies_; }
  std::uint64_t lost() const noexcept { return sent_ - std::min(sent_, received_); }

 private:
  void read(Peer& peer, Clock::time_point warm) {
    peer.read([&](View payload) {
      ++received_;
      const auto taken = age(payload);
      if (taken && Clock::now() > warm) latencies_.add(*taken);
    });
  }

  Loop loop_;
  Bytes payload_;
  std::vector<Pair> pairs_;
  std::chrono::nanoseconds gap_{};
  Histogram latencies_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

}  // namespace

Figures run_rate(const Options& options) {
  std::barrier ready{static_cast<std::ptrdiff_t>(options.threads)};
  std::mutex mutex;
  Histogram all;
  std::uint64_t lost = 0;
  Meter meter{options};
  on_threads(options.threads, [&](unsigned thread) {
    Seat seat{ready};
    Part part{options, thread};
    seat.wait();
    const auto begin = Clock::now();
    const auto warm = begin + std::chrono::seconds{1};
    if (thread == 0) meter.start();
    part.run(begin, warm, warm + std::chrono::seconds{options.seconds});
    if (thread == 0) meter.stop();
    const std::lock_guard guard{mutex};
    all.add(part.latencies());
    lost += part.lost();
  });
  Figures figures{{"messages", static_cast<double>(all.total())}, {"lost", static_cast<double>(lost)}};
  for (const auto& [name, part] : {std::pair{"p50_us", 0.5}, {"p90_us", 0.9}, {"p99_us", 0.99}, {"p999_us", 0.999}, {"max_us", 1.0}}) {
    figures.push_back({name, static_cast<double>(all.at(part)) / 1e3});
  }
  meter.add_to(figures, "message", options.rate * (options.seconds + 1));
  return figures;
}

}  // namespace lethe::bench
