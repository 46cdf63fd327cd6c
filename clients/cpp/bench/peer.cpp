#include "bench/peer.hpp"

#include <array>

namespace lethe::bench {

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

void prepare(const Server& server) {
  if (server.protocol == Protocol::jetstream) make_stream(server);
}

}  // namespace lethe::bench
