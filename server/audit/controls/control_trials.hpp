#pragma once
// Shows that the detectors see: each planted leak in a relay of its own, with the lock-down off (it must leak, and be seen), and all
// of them inside of one relay with the lock-down on (none may get out). And blindly: leaky and clean relays in an order that
// nothing here knows but the seed.
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_trial.hpp"
#include "audit/controls/control.hpp"
#include "audit/report/report.hpp"

namespace lethe::audit {

// The programs with the leaks: test-only, never installed.
struct ControlPrograms {
  std::string preload;     // lethe_leaks.so, for the relay under audit
  std::string leaky;       // lethe-leaky, a relay with its lock-down and the leaks inside
};
// In this directory; absent where one of them isn't there.
std::optional<ControlPrograms> find_control_programs(const std::string& directory);

class ControlTrials {
 public:
  // `order`: seed, directory and launch of the relay under audit; its `number` is where the trials' numbers begin.
  ControlTrials(ControlPrograms programs, TrialOrder order, TrialWatcher& watcher);

  // One result a control, in the catalogue's order. Throws Interrupted.
  std::vector<ControlResult> run_all();
  // `runs` relays, half of them with a leak drawn from the catalogue.
  BlindTrial run_blind(unsigned runs);

 private:
  struct Seen {
    bool leaked = false;
    std::vector<Detector> by;
    std::string note;
  };
  Seen run_one(const Control& control, const std::string& name);
  void run_prevention(std::vector<ControlResult>& results);
  void run_lethal(ControlResult& result);
  TrialOrder locked_down(const std::string& id, std::string_view leak);
  TrialOrder next_order(const std::string& id);

  ControlPrograms programs_;
  TrialOrder order_;
  TrialWatcher& watcher_;
};

}  // namespace lethe::audit
