#pragma once
// One run of the relay under the eyes of the probes: armed, started, brought through the phases of its scenario, ended.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/probes/probe.hpp"
#include "audit/report/report.hpp"
#include "audit/workload/scenario.hpp"

namespace lethe::audit {

struct TrialOrder {
  std::string id;                        // «audit-1», «control-file», «blind-17»; names the directory of its evidence
  Scenario scenario;
  Launch launch;                         // program, environment, further flags; the scenario's own flags are added before them
  std::uint64_t seed = 0;                // of the audit
  std::uint64_t number = 0;              // tells the canaries of its trials apart
  std::string directory;                 // where the directory of its evidence is made, on the auditor's tmpfs
  bool lockdown = true;                  // what the probes are told, and the flag where the relay knows it
  pid_t attach = 0;                      // a running relay instead of `launch`
  std::vector<std::string> known_flags;  // that the program's --help shows; empty: it is asked
  // Called while the relay is held at a phase, after the probes have looked. May be empty.
  std::function<void(Phase, const RelayProcess&)> held;
};

// What is told while it runs; the screen shows it.
class TrialWatcher {
 public:
  virtual ~TrialWatcher() = default;
  virtual void began(const TrialOrder&) {}
  // A probe has looked; what it found are the findings. Without a phase: before the start or after the end.
  virtual void looked(ProbeId, std::optional<Phase>, std::span<const Finding>) {}
  virtual void ended(const TrialReport&) {}
};

struct TrialOutcome {
  TrialReport report;
  std::vector<Lifetime> lifetimes;
  std::string well_known;                // the relay's page as it was served
  std::optional<int> killed_by;          // the signal that ended it while the workload was under way
};

// Never throws for what the relay does: a workload that breaks off becomes a finding of kind `missing`, with the reason. Every
// probe that was armed is concluded in any case. Throws Interrupted when the auditor is told to stop.
TrialOutcome run_trial(const TrialOrder& order, std::vector<std::unique_ptr<Probe>> probes, TrialWatcher& watcher);

}  // namespace lethe::audit
