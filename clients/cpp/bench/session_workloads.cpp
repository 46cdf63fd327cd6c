// What sessions cost by themselves: to be opened, and to be kept.
#include <atomic>

#include "bench/meter.hpp"
#include "bench/threads.hpp"

namespace lethe::bench {

// As after a network's failure: full handshakes and authentications, each connection dropped for the next.
Figures run_storm(const Options& options) {
  std::atomic<std::uint64_t> connected{0};
  const auto end = Clock::now() + std::chrono::seconds{options.seconds};
  Meter meter{options};
  on_threads(options.threads, [&](unsigned thread) {
    for (std::size_t number = thread; Clock::now() < end; number += options.threads) {
      connect(options.server, number % options.sessions, Purpose::receive);
      ++connected;
    }
  });
  meter.stop();
  const auto count = static_cast<double>(connected);
  Figures figures{{"sessions_per_second", count / meter.seconds()}};
  meter.add_to(figures, "session", count);
  return figures;
}

Figures run_idle(const Options& options) {
  const Usage before = usage_of(options.pid);
  std::vector<std::unique_ptr<Peer>> peers(options.sessions);
  const auto began = Clock::now();
  on_threads(options.threads, [&](unsigned thread) {
    for (std::size_t number = thread; number < peers.size(); number += options.threads) peers[number] = connect(options.server, number, Purpose::receive);
  });
  const std::chrono::duration<double> took = Clock::now() - began;
  ::sleep(4);   // the server has gone idle
  const Usage after = usage_of(options.pid);
  const auto count = static_cast<double>(options.sessions);
  Figures figures{{"sessions_per_second", count / took.count()},
                  {"kernel_bytes_per_session", (static_cast<double>(after.kernel_sockets) - static_cast<double>(before.kernel_sockets)) / count}};
  if (options.pid > 0) figures.push_back({"bytes_per_session", (static_cast<double>(after.resident) - static_cast<double>(before.resident)) / count});
  return figures;
}

}  // namespace lethe::bench
