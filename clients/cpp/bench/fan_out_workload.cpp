// One sender, and many that each of its messages is for: what a recipient costs, against a message of its own.
#include "bench/pairs.hpp"
#include "bench/usage.hpp"

namespace lethe::bench {

Figures run_fan_out(const Options& options) {
  constexpr std::size_t at_once = 16;
  Loop loop;
  std::vector<std::unique_ptr<Peer>> receivers;
  std::vector<std::size_t> to;
  for (std::size_t number = 1; number <= options.recipients; ++number) {
    to.push_back(number);
    receivers.push_back(connect(options.server, number, Purpose::receive));
    loop.watch(*receivers.back());
  }
  const auto sender = connect(options.server, 0, Purpose::send);
  loop.watch(*sender);
  const Bytes payload(options.payload, 0x5a);
  std::uint64_t delivered = 0;
  const auto turn = [&](Peer& peer) { peer.read([&](View) { ++delivered; }); };
  // Sends one after the other; until `end`, and all have arrived.
  const auto measure = [&](Clock::time_point end, std::size_t each, const auto& post) {
    const Usage before = usage_of(options.pid);
    const std::uint64_t had = delivered;
    const auto began = Clock::now();
    do {
      const std::uint64_t due = delivered + each;
      post();
      sender->send();
      while (delivered < due && sender->refused == 0) loop.turn(std::chrono::milliseconds{50}, turn);
    } while (Clock::now() < end && sender->refused == 0);
    if (sender->refused > 0) throw std::runtime_error{"the server refused a message"};
    const std::chrono::duration<double> took = Clock::now() - began;
    const auto count = static_cast<double>(delivered - had);
    return std::pair{count / took.count(), (usage_of(options.pid).busy() - before.busy()) / count * 1e6};
  };
  const auto half = std::chrono::milliseconds{options.seconds * 500};
  const auto [alone_rate, alone_cost] = measure(Clock::now() + half, to.size(), [&] {
    for (std::size_t i = 0; i < to.size(); ++i) {
      sender->post(to[i], payload);
      if (i % at_once == 0) sender->send();   // a WebSocket message is bounded
    }
  });
  const auto [rate, cost] = measure(Clock::now() + half, to.size(), [&] { sender->post_to_all(to, payload); });
  Figures figures{{"deliveries_per_second", rate}, {"deliveries_per_second_sent_singly", alone_rate}};
  if (options.pid > 0) {
    figures.push_back({"server_us_per_recipient", cost});
    figures.push_back({"server_us_per_recipient_sent_singly", alone_cost});
  }
  return figures;
}

}  // namespace lethe::bench
