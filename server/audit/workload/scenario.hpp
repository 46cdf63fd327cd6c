#pragma once
// What one trial does to the relay: how it is configured, how its clients speak, what happens to the messages, how it ends.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/peer/wire_codec.hpp"
#include "audit/phase.hpp"
#include "audit/probes/probe.hpp"

namespace lethe::audit {

enum class Tls : std::uint8_t { v1_2, v1_3 };

// How the relay ends. What waits then must be gone all the same.
enum class Ending : std::uint8_t {
  drain,        // SIGTERM, acknowledgements in flight are awaited; phase `drained`
  terminate,    // SIGTERM with messages waiting
  interrupt,    // SIGINT, the same
  kill,         // SIGKILL of the process that was started, with messages waiting
  kill_relay,   // SIGKILL of the process that serves, with messages waiting
  crash,        // SIGSEGV of the process that serves, with messages waiting; a core dump would go to a file
  crash_piped,  // the same; it would go to a program
  run_on,       // not at all: it is somebody else's relay
};
inline constexpr std::size_t ending_count = 8;

struct Scenario {
  unsigned threads = 1;
  Tls tls = Tls::v1_3;
  peer::Encoding encoding = peer::Encoding::json;   // of most senders; the recipients speak either
  bool secret_arena = true;
  Ending ending = Ending::drain;
  // What happens between `queued` and the end, in this order; started, queued and the end are always there.
  std::vector<Phase> stages;
  unsigned soak = 0;                                // further messages, over a hundred sessions, before `acknowledged` is held

  // One line for people: «1 thread, TLS 1.3, json, secret arena, ended by SIGTERM».
  std::string sentence() const;
  // The relay's flags for it, each --name=value. `known`: the names that its --help shows; others are left out.
  std::vector<std::string> flags(std::span<const std::string> known) const;
  CorePattern crash() const noexcept;
};

// Waiting, acknowledged, closed: what a control's trial needs.
Scenario brief_scenario();
// The trials of the real relay: quick, a few that cover each value once; full, each combination of threads, TLS, encoding and
// arena with the endings in turn, and the soaks.
std::vector<Scenario> plan(bool full, unsigned cores);

// `flags` without those that `chosen` has as well: what somebody asks for goes before what the scenario would like.
std::vector<std::string> without_chosen(std::vector<std::string> flags, std::span<const std::string> chosen);

}  // namespace lethe::audit
