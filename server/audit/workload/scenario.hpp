#pragma once
// What one trial does to the relay: how it is configured, how its clients speak, what happens to the messages, how it ends.
#include <cstdint>
#include <string>
#include <vector>

#include "audit/peer/wire_codec.hpp"
#include "audit/phase.hpp"

namespace lethe::audit {

enum class Tls : std::uint8_t { v1_2, v1_3 };

// How the relay ends. What waits then must be gone all the same.
enum class Ending : std::uint8_t {
  drain,        // SIGTERM, acknowledgements in flight are awaited; phase `drained`
  terminate,    // SIGTERM with messages waiting
  interrupt,    // SIGINT, the same
  kill,         // SIGKILL of the process that was started, with messages waiting
  kill_relay,   // SIGKILL of the process that serves, with messages waiting
  crash,        // SIGSEGV of the process that serves, with messages waiting
  run_on,       // not at all: it is somebody else's relay
};

struct Scenario {
  unsigned threads = 1;
  Tls tls = Tls::v1_3;
  peer::Encoding encoding = peer::Encoding::json;   // of the senders; of the recipients, every other one speaks the other
  bool secret_arena = true;
  Ending ending = Ending::drain;
  // Stages between `queued` and the end, in this order; started, queued and the end are always there.
  std::vector<Phase> stages;
  unsigned soak = 0;                                // further messages, over a hundred sessions, before `acknowledged`

  // One line for people: «1 thread, TLS 1.3, json, secret arena, ended by SIGTERM».
  std::string sentence() const;
  // The relay's flags for it. `known`: what its --help names; what it doesn't know is left out.
  std::vector<std::string> flags(const std::vector<std::string>& known) const;
  bool has(Phase stage) const noexcept;
};

// Every stage, in the order of `Phase`.
std::vector<Phase> all_stages();
// Waiting, acknowledged, closed: what a control's trial needs.
Scenario brief_scenario();
// The trials of the real relay: quick, a few that cover each value once; full, all combinations that can differ.
std::vector<Scenario> plan(bool full, unsigned cores);

}  // namespace lethe::audit
