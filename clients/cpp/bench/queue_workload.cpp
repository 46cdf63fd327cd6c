// Messages for devices that are away: how fast they come in, what they take, and how fast they leave once their devices come.
#include <atomic>

#include "bench/pairs.hpp"
#include "bench/threads.hpp"
#include "bench/usage.hpp"

namespace lethe::bench {
namespace {

constexpr std::size_t senders_from = 10'000'000;   // no mailbox has such a number
constexpr std::uint64_t window = 2'000;
constexpr unsigned batch = 64;
constexpr std::chrono::seconds patience{30};

// The share of a thread: mailboxes and messages whose numbers have its remainder.
std::uint64_t share(std::uint64_t all, const Options& options, unsigned thread) {
  return all / options.threads + (thread < all % options.threads ? 1 : 0);
}

std::uint64_t fill(const Options& options, unsigned thread) {
  const auto sender = connect(options.server, senders_from + thread, Purpose::send);
  const Bytes payload(options.payload, 0x5a);
  const std::uint64_t mailboxes = share(options.mailboxes, options, thread);
  const std::uint64_t messages = share(options.messages, options, thread);
  Loop loop;
  loop.watch(*sender);
  std::uint64_t sent = 0;
  std::uint64_t taken = 0;
  while (taken < messages) {
    for (unsigned i = 0; i < batch && sent < messages && sent - taken < window; ++i) sender->post(thread + (sent++ % mailboxes) * options.threads, payload);
    sender->send();
    taken += sender->read([](View) {});
    if (sent == messages || sent - taken >= window) loop.turn(std::chrono::milliseconds{50}, [&](Peer& peer) { taken += peer.read([](View) {}); });
  }
  return sender->refused;
}

// Some devices at a time, each until it has had all of its messages.
void drain(const Options& options, unsigned thread, std::uint64_t expected) {
  constexpr std::size_t at_once = 100;
  std::uint64_t received = 0;
  auto last = Clock::now();
  for (std::size_t mailbox = thread; mailbox < options.mailboxes;) {
    Loop loop;
    std::vector<std::unique_ptr<Peer>> peers;
    const std::uint64_t before = received;
    for (; mailbox < options.mailboxes && peers.size() < at_once; mailbox += options.threads) {
      peers.push_back(connect(options.server, mailbox, Purpose::receive));
      loop.watch(*peers.back());
    }
    const std::uint64_t due = std::min(expected - before, expected * peers.size() * options.threads / options.mailboxes);
    while (received - before < due) {
      loop.turn(std::chrono::milliseconds{50}, [&](Peer& peer) {
        peer.read([&](View) { ++received; });
        last = Clock::now();
      });
      if (Clock::now() - last > patience) throw std::runtime_error{"what was queued did not come: " + std::to_string(received) + " of " + std::to_string(expected)};
    }
  }
}

}  // namespace

Figures run_queue(const Options& options) {
  // Elsewhere a mailbox is what its device has asked for.
  if (options.server.protocol == Protocol::mqtt || options.server.protocol == Protocol::jetstream) {
    for (std::size_t mailbox = 0; mailbox < options.mailboxes; ++mailbox) connect(options.server, mailbox, Purpose::receive);
  }
  const Usage empty = usage_of(options.pid);
  std::atomic<std::uint64_t> refused{0};
  const auto began = Clock::now();
  on_threads(options.threads, [&](unsigned thread) { refused += fill(options, thread); });
  const std::chrono::duration<double> filling = Clock::now() - began;
  ::sleep(2);   // what is left of the filling settles
  const Usage full = usage_of(options.pid);
  if (refused > 0) throw std::runtime_error{std::to_string(refused) + " messages were refused"};
  const auto drained = Clock::now();
  on_threads(options.threads, [&](unsigned thread) { drain(options, thread, share(options.messages, options, thread)); });
  const std::chrono::duration<double> draining = Clock::now() - drained;
  const auto messages = static_cast<double>(options.messages);
  Figures figures{{"filled_per_second", messages / filling.count()}, {"drained_per_second", messages / draining.count()}};
  if (options.pid > 0) {
    figures.push_back({"bytes_per_message", (static_cast<double>(full.resident) - static_cast<double>(empty.resident)) / messages});
    figures.push_back({"server_us_per_message_filled", (full.busy() - empty.busy()) / messages * 1e6});
  }
  return figures;
}

}  // namespace lethe::bench
