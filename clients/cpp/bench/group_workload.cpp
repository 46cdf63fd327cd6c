// A chat of groups of eight, at a fixed rate: each message goes to the seven others at once, and every fourth device is a phone
// that is away for a second out of two.
#include "bench/histogram.hpp"
#include "bench/meter.hpp"

namespace lethe::bench {
namespace {

constexpr std::size_t group_size = 8;
constexpr std::size_t phones = 4;   // every so many devices
constexpr std::chrono::milliseconds away{1'000};

class Groups {
 public:
  explicit Groups(const Options& options) : options_{options}, payload_(std::max<std::size_t>(options.payload, 8), 0x5a) {
    peers_.resize(std::max<std::size_t>(options.sessions / group_size, 1) * group_size);
    for (std::size_t number = 0; number < peers_.size(); ++number) come(number);
  }

  void run(Clock::time_point end) {
    const std::chrono::nanoseconds gap{static_cast<std::int64_t>(1e9 / options_.rate)};
    auto due = Clock::now();
    auto change = due + away;
    while (Clock::now() < end) {
      for (const auto now = Clock::now(); due <= now; due += gap) say(due);
      if (Clock::now() >= change) {
        change_places();
        change += away;
      }
      loop_.turn(std::chrono::milliseconds{gap > std::chrono::milliseconds{2} ? 1 : 0}, [this](Peer& peer) { read(peer); });
    }
    if (out_) change_places();
    for (const auto patience = Clock::now() + std::chrono::seconds{10}; received_ < due_ && Clock::now() < patience;) {
      loop_.turn(std::chrono::milliseconds{50}, [this](Peer& peer) { read(peer); });
    }
  }

  Figures figures() const {
    return {{"deliveries_per_second", static_cast<double>(received_) / options_.seconds},
            {"lost", static_cast<double>(due_ - std::min(due_, received_))},
            {"again", static_cast<double>(received_ > due_ ? received_ - due_ : 0)},
            {"p50_us", static_cast<double>(latencies_.at(0.5)) / 1e3},
            {"p99_us", static_cast<double>(latencies_.at(0.99)) / 1e3}};
  }
  double received() const noexcept { return static_cast<double>(received_); }

 private:
  static bool is_phone(std::size_t number) { return number % phones == phones - 1; }

  void come(std::size_t number) {
    peers_[number] = connect(options_.server, number, Purpose::receive);
    peers_[number]->tag = number;
    loop_.watch(*peers_[number]);
  }
  void change_places() {
    out_ = !out_;
    for (std::size_t number = 0; number < peers_.size(); ++number) {
      if (!is_phone(number)) continue;
      if (out_) peers_[number].reset();
      else come(number);
    }
  }
  void say(Clock::time_point due) {
    do speaker_ = (speaker_ + 11) % peers_.size();
    while (is_phone(speaker_));
    std::vector<std::size_t> others;
    const std::size_t first = speaker_ / group_size * group_size;
    for (std::size_t number = first; number < first + group_size; ++number) {
      if (number != speaker_) others.push_back(number);
    }
    stamp(payload_, due);
    peers_[speaker_]->post_to_all(others, payload_);
    peers_[speaker_]->send();
    due_ += others.size();
  }
  void read(Peer& peer) {
    peer.read([&](View payload) {
      ++received_;
      const auto taken = age(payload);
      if (taken && !is_phone(peer.tag)) latencies_.add(*taken);   // those who were there
    });
  }

  const Options& options_;
  Loop loop_;
  Bytes payload_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::size_t speaker_ = 0;
  bool out_ = false;
  Histogram latencies_;
  std::uint64_t due_ = 0;
  std::uint64_t received_ = 0;
};

}  // namespace

Figures run_group(const Options& options) {
  Groups groups{options};
  Meter meter{options};
  groups.run(Clock::now() + std::chrono::seconds{options.seconds});
  meter.stop();
  Figures figures = groups.figures();
  meter.add_to(figures, "delivery", groups.received());
  return figures;
}

}  // namespace lethe::bench
