#pragma once
// A probe watches one relay from outside through one trial: it is armed before the relay starts, looks at each phase, and
// concludes after the relay has ended. One class a file. Adding one: its file and a line in probes/all_probes.cpp.
#include <memory>
#include <vector>

#include "audit/finding.hpp"
#include "audit/stage/launch.hpp"
#include "audit/stage/relay_process.hpp"

namespace lethe::audit {

class Canaries;

// What the kernel does with a core dump (core(5)): writes a file, or hands it to a program. A program gets it whatever
// RLIMIT_CORE says.
enum class CorePattern : std::uint8_t { none, file, pipe };

// What a probe may know of the trial it watches.
struct Trial {
  const Canaries& canaries;        // every byte string that must be forgotten; those known so far
  std::string directory;           // for raw evidence; exists, on the auditor's own tmpfs, never on what is watched
  bool secret_arena = true;        // whether the relay is expected to hide its arena (memfd_secret)
  bool lockdown = true;            // false in the trials of controls that need it off
  CorePattern crash = CorePattern::none;   // SIGSEGV will end it, while this kind of core pattern is set
  bool attached = false;           // a running relay by --pid: nothing may be disturbed (no injection, no stop)
};

class Probe {
 public:
  virtual ~Probe() = default;
  virtual ProbeId id() const noexcept = 0;
  // Before the relay starts: sets up what it needs and adds to the launch. What it can't do here it reports as `not_armed`
  // with the reason; the others still work.
  virtual void arm(const Trial& trial, Launch& launch, Findings& findings) = 0;
  // The relay listens, or was found running.
  virtual void attach(const Trial&, const RelayProcess&, Findings&) {}
  // The relay is held at this phase. At `stopped` it has ended and `relay` knows how.
  virtual void observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) = 0;
  // After the relay has ended and every other probe has looked: undoes what `arm` set up.
  virtual void conclude(const Trial&, Findings&) {}
};

// All five, in order.
std::vector<std::unique_ptr<Probe>> all_probes();

}  // namespace lethe::audit
