// One sender, and many that each of its messages is for: what a recipient costs, against a message of its own.
#include <functional>
#include <numeric>

#include "bench/meter.hpp"

namespace lethe::bench {
namespace {

constexpr std::chrono::seconds patience{30};

class Crowd {
 public:
  explicit Crowd(const Options& options) : options_{options}, payload_(options.payload, 0x5a) {
    sender_ = connect(options.server, 0, Purpose::send);
    loop_.watch(*sender_);
  }

  // Devices that are here, numbered from 1.
  std::vector<std::size_t> come() {
    std::vector<std::size_t> to(options_.recipients);
    std::iota(to.begin(), to.end(), 1);
    receivers_ = connect_all(options_.server, to, Purpose::receive);
    for (const auto& receiver : receivers_) loop_.watch(*receiver);
    return to;
  }
  // Devices that the server knows and that are away.
  std::vector<std::size_t> stay_away(std::size_t first) const {
    std::vector<std::size_t> to(options_.recipients);
    std::iota(to.begin(), to.end(), first);
    introduce(options_.server, first, to.size());
    return to;
  }

  // A message for all, or one for each, and until it has gone where it should.
  void say(const std::vector<std::size_t>& to, bool together, bool here) {
    const std::uint64_t due = here ? delivered_ + to.size() : taken_ + (together && sends_one() ? 1 : to.size());
    if (together) sender_->post_to_all(to, payload_);
    else for (const std::size_t one : to) {
      sender_->post(one, payload_);
      sender_->send();
    }
    sender_->send();
    const auto until = Clock::now() + patience;
    while ((here ? delivered_ : taken_) < due) {
      loop_.turn(std::chrono::milliseconds{50}, [this](Peer& peer) {
        const unsigned taken = peer.read([this](View) { ++delivered_; });
        if (&peer == sender_.get()) taken_ += taken;
      });
      if (sender_->refused > 0) throw std::runtime_error{"the server refused a message"};
      if (Clock::now() > until) throw std::runtime_error{"a message did not come"};
    }
  }

 private:
  // One message for many counts as one where the protocol has it.
  bool sends_one() const { return options_.server.protocol == Protocol::lethe_binary || options_.server.protocol == Protocol::lethe_json; }

  const Options& options_;
  Loop loop_;
  std::vector<std::unique_ptr<Peer>> receivers_;
  std::unique_ptr<Peer> sender_;
  Bytes payload_;
  std::uint64_t delivered_ = 0;
  std::uint64_t taken_ = 0;
};

struct Cost {
  Meter meter;
  double count = 0;
  double resident() const { return (static_cast<double>(meter.after().resident) - static_cast<double>(meter.before().resident)) / count; }
  double server_us() const { return meter.server_us(count); }
};

}  // namespace

Figures run_fan_out(const Options& options) {
  // What waits is bounded: each by itself takes its own memory.
  constexpr int rounds_apart = 20;
  constexpr int rounds_together = 200;
  constexpr std::size_t first_away = 1'000'001;
  Crowd crowd{options};
  const auto half = std::chrono::milliseconds{options.seconds * 500};
  const auto cost = [&](const std::vector<std::size_t>& to, bool together, bool here, int rounds) {
    crowd.say(to, together, here);   // its memory, its invites: taken once
    Cost all{Meter{options}};
    const auto end = Clock::now() + half;
    for (int round = 0; here ? Clock::now() < end : round < rounds; ++round) {
      crowd.say(to, together, here);
      all.count += static_cast<double>(to.size());
    }
    all.meter.stop();
    return all;
  };
  const auto here = crowd.come();
  const Cost apart = cost(here, false, true, 0);
  const Cost together = cost(here, true, true, 0);
  Figures figures{{"deliveries_per_second", together.count / together.meter.seconds()}, {"deliveries_per_second_sent_singly", apart.count / apart.meter.seconds()}};
  together.meter.add_to(figures, "recipient", together.count);
  if (options.pid == 0 || options.server.protocol == Protocol::nats) return figures;
  figures.push_back({"server_us_per_recipient_sent_singly", apart.server_us()});
  figures.push_back({"part_of_a_single_send", together.server_us() / apart.server_us()});
  const auto away = crowd.stay_away(first_away);
  const Cost queued_apart = cost(away, false, false, rounds_apart);
  const Cost queued = cost(away, true, false, rounds_together);
  figures.push_back({"server_us_per_recipient_away", queued.server_us()});
  figures.push_back({"server_us_per_recipient_away_sent_singly", queued_apart.server_us()});
  figures.push_back({"part_of_a_single_send_away", queued.server_us() / queued_apart.server_us()});
  figures.push_back({"bytes_per_recipient_away", queued.resident()});
  figures.push_back({"bytes_per_recipient_away_sent_singly", queued_apart.resident()});
  return figures;
}

}  // namespace lethe::bench
