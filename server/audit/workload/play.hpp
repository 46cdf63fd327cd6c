#pragma once
// What the stages of one workload share.
#include <cstdint>
#include <deque>
#include <vector>

#include "audit/stage/relay_process.hpp"
#include "audit/workload/cast.hpp"
#include "audit/workload/ledger.hpp"
#include "audit/workload/scenario.hpp"

namespace lethe::audit {

// How many messages a dawdler is sent.
inline constexpr unsigned dawdled = 3;

// Messages that wait for a device.
struct Backlog {
  Device device;
  unsigned messages = 0;
};

struct Play {
  const Scenario& scenario;
  RelayProcess& relay;
  Cast& cast;
  Ledger& ledger;
  std::deque<Client> open{};                // sessions that stay, idle
  std::deque<Client> parting{};             // that are over, but whose clients have not hung up; until the next stage or so
  std::deque<Client> dawdlers{};            // that have read one of their messages and a part of the next, until `acknowledged`
  std::vector<Backlog> backlogs{};          // of `queued`, until `acknowledged` takes them
  std::vector<unsigned> receipts{};         // that the sessions of `queued` are still to get, in the order of `open`

  Client& keep(Client client);
};

// Until the relay counts so many sessions, as its metrics say; some seconds at most, and not at all without an admin page.
void await_sessions(const Play& play, unsigned count);

}  // namespace lethe::audit
