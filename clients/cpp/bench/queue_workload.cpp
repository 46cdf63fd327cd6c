// Messages for devices that are away: how fast they come in, what they take, and how fast they leave once their devices come.
#include <atomic>

#include "bench/fill.hpp"
#include "bench/meter.hpp"
#include "bench/threads.hpp"

namespace lethe::bench {
namespace {

constexpr std::chrono::seconds patience{30};
// What a session is sent at once is far less than what it waits for.
constexpr std::uint64_t deep = 512;

// What has come to a device once it had read for the first time: from then on it has the session that it takes.
struct Drained {
  std::uint64_t messages = 0;
  double seconds = 0;
};

// Some devices at a time, each until it has had all of its messages.
Drained drain(const Options& options, unsigned thread) {
  constexpr std::size_t at_once = 200;
  Drained drained;
  for (std::size_t mailbox = thread; mailbox < options.mailboxes;) {
    Loop loop;
    std::vector<std::size_t> numbers;
    std::uint64_t due = 0;
    for (; mailbox < options.mailboxes && numbers.size() < at_once; mailbox += options.threads) {
      const std::uint64_t own = share(options.messages, options, thread);
      const std::uint64_t mailboxes = share(options.mailboxes, options, thread);
      due += own / mailboxes + (mailbox / options.threads < own % mailboxes ? 1 : 0);
      numbers.push_back(mailbox);
    }
    const auto peers = connect_all(options.server, numbers, Purpose::receive);
    const auto began = Clock::now();
    auto last = began;
    std::uint64_t received = 0;
    std::uint64_t at_first = 0;
    for (const auto& peer : peers) loop.watch(*peer);
    while (received < due) {
      loop.turn(std::chrono::milliseconds{50}, [&](Peer& peer) {
        const std::uint64_t before = received;
        peer.read([&](View) { ++received; });
        if (peer.tag == 0) at_first += received - before;
        peer.tag = 1;
        last = Clock::now();
      });
      if (Clock::now() - last > patience) throw std::runtime_error{"what was queued did not come: " + std::to_string(received) + " of " + std::to_string(due)};
    }
    drained.messages += received - at_first;
    drained.seconds += std::chrono::duration<double>(Clock::now() - began).count();
  }
  return drained;
}

}  // namespace

Figures run_queue(const Options& options) {
  introduce(options.server, 0, options.mailboxes);
  Meter filling{options};
  fill(options, 0, options.messages, options.mailboxes);
  filling.stop();
  ::sleep(2);   // what is left of the filling settles
  const Usage full = usage_of(options.pid);

  std::vector<Drained> parts(options.threads);
  Meter draining{options};
  on_threads(options.threads, [&](unsigned thread) { parts[thread] = drain(options, thread); });
  draining.stop();
  const auto messages = static_cast<double>(options.messages);
  Figures figures{{"filled_per_second", messages / filling.seconds()}, {"drained_per_second", messages / draining.seconds()}};
  if (options.server.protocol != Protocol::mqtt && options.messages / options.mailboxes >= deep) {   // MQTT knows no window: all comes at first
    double rate = 0;
    for (const Drained& part : parts) rate += static_cast<double>(part.messages) / part.seconds;
    figures.push_back({"drained_per_second_once_connected", rate});
  }
  if (options.pid > 0) {
    figures.push_back({"bytes_per_message", (static_cast<double>(full.resident) - static_cast<double>(filling.before().resident)) / messages});
  }
  filling.add_to(figures, "message_filled", messages, "filling_");
  draining.add_to(figures, "message_drained", messages, "draining_");
  return figures;
}

}  // namespace lethe::bench
