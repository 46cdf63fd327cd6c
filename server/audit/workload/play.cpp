#include "audit/workload/play.hpp"

#include <chrono>
#include <string>
#include <thread>

#include "audit/peer/plain_http.hpp"

namespace lethe::audit {

Client& Play::keep(Client client) { return open.emplace_back(std::move(client)); }

void await_sessions(const Play& play, unsigned count) {
  constexpr std::chrono::seconds longest{5};
  constexpr std::chrono::milliseconds pause{5};
  if (play.relay.admin_port() == 0) return;
  const std::string wanted = "\nlethe_sessions " + std::to_string(count) + "\n";
  const auto end = std::chrono::steady_clock::now() + longest;
  while (std::chrono::steady_clock::now() < end) {
    if (peer::plain_get(play.relay.admin_port(), "/metrics").body.find(wanted) != std::string::npos) return;
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace lethe::audit
