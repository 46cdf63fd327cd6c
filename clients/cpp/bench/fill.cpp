#include "bench/fill.hpp"

#include <algorithm>
#include <stdexcept>

#include "bench/pairs.hpp"
#include "bench/threads.hpp"

namespace lethe::bench {
namespace {

constexpr std::size_t senders_from = 10'000'000;   // no mailbox has such a number
constexpr std::uint64_t window = 2'000;
constexpr std::size_t batch_bytes = 262'144;       // a WebSocket message is bounded
constexpr std::chrono::seconds patience{30};

void fill_share(const Options& options, unsigned thread, std::size_t first, std::uint64_t messages, std::uint64_t mailboxes) {
  if (mailboxes == 0) return;
  const auto sender = connect(options.server, senders_from + thread, Purpose::send);
  const Bytes payload(options.payload, 0x5a);
  const std::size_t batch = std::clamp<std::size_t>(batch_bytes / (payload.size() + 1), 1, 64);
  Loop loop;
  loop.watch(*sender);
  std::uint64_t sent = 0;
  std::uint64_t taken = 0;
  auto last = Clock::now();
  const auto read = [&](Peer& peer) {
    const unsigned now = peer.read([](View) {});
    if (now > 0) last = Clock::now();
    taken += now;
  };
  while (taken < messages) {
    for (std::size_t i = 0; i < batch && sent < messages && sent - taken < window; ++i) {
      sender->post(first + thread + (sent++ % mailboxes) * options.threads, payload);
    }
    sender->send();
    read(*sender);
    if (sent == messages || sent - taken >= window) loop.turn(std::chrono::milliseconds{50}, read);
    if (sender->refused > 0) throw std::runtime_error{"the server refused a message"};
    if (Clock::now() - last > patience) throw std::runtime_error{"the server takes no more after " + std::to_string(taken) + " of " + std::to_string(messages)};
  }
}

}  // namespace

void fill(const Options& options, std::size_t first, std::uint64_t messages, std::uint64_t mailboxes) {
  if (messages == 0) return;
  on_threads(options.threads, [&](unsigned thread) {
    fill_share(options, thread, first, share(messages, options, thread), share(mailboxes, options, thread));
  });
}

}  // namespace lethe::bench
