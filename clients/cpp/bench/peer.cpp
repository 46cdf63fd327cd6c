#include "bench/peer.hpp"

#include <algorithm>
#include <array>

#include "bench/threads.hpp"

namespace lethe::bench {
namespace {
constexpr unsigned connectors = 200;   // threads, each of which waits for the server most of the time
}

std::string_view name(Protocol protocol) noexcept {
  constexpr std::array<std::string_view, protocol_count> names{"lethe", "lethe-json", "mqtt", "nats", "jetstream"};
  return names[static_cast<std::size_t>(protocol)];
}

std::unique_ptr<Peer> connect(const Server& server, std::size_t number, Purpose purpose) {
  switch (server.protocol) {
    case Protocol::lethe_binary:
    case Protocol::lethe_json: break;
    case Protocol::mqtt: return connect_mqtt(server, number, purpose);
    case Protocol::nats:
    case Protocol::jetstream: return connect_nats(server, number, purpose);
  }
  return connect_lethe(server, number);
}

std::vector<std::unique_ptr<Peer>> connect_all(const Server& server, std::span<const std::size_t> numbers, Purpose purpose) {
  std::vector<std::unique_ptr<Peer>> peers(numbers.size());
  const auto threads = static_cast<unsigned>(std::min<std::size_t>(connectors, numbers.size()));
  on_threads(threads, [&](unsigned thread) {
    for (std::size_t i = thread; i < numbers.size(); i += threads) peers[i] = connect(server, numbers[i], purpose);
  });
  return peers;
}

void introduce(const Server& server, std::size_t first, std::size_t count) {
  switch (server.protocol) {
    case Protocol::lethe_binary:
    case Protocol::lethe_json: return introduce_lethe(server, first, count);
    case Protocol::jetstream: return introduce_jetstream(server, first, count);
    case Protocol::nats: return;   // knows nobody who isn't there
    case Protocol::mqtt: break;
  }
  on_threads(connectors, [&](unsigned thread) {
    for (std::size_t number = thread; number < count; number += connectors) connect(server, first + number, Purpose::receive);
  });
}

void prepare(const Server& server) {
  if (server.protocol == Protocol::jetstream) make_stream(server);
}

}  // namespace lethe::bench
