#include "audit/audit_trial.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>

#include "audit/canary/canaries.hpp"
#include "audit/stage/interrupt.hpp"
#include "audit/stage/run_to_end.hpp"
#include "audit/workload/workload.hpp"

namespace lethe::audit {
namespace {

using Clock = std::chrono::steady_clock;

Detector first_detector(ProbeId probe) {
  for (std::size_t number = 0; number < detector_count; ++number) {
    const auto detector = static_cast<Detector>(number);
    if (probe_of(detector) == probe) return detector;
  }
  return Detector::memory;
}

// The program as this scenario wants it; what the order's own flags say goes first.
Launch prepare(const TrialOrder& order, const std::vector<std::string>& known) {
  Launch launch = order.launch;
  std::vector<std::string> flags = order.scenario.flags(known);
  if (!order.lockdown && std::ranges::find(known, "lockdown") != known.end()) flags.push_back("--lockdown=off");
  flags = without_chosen(std::move(flags), order.launch.arguments);
  launch.arguments.insert(launch.arguments.begin(), flags.begin(), flags.end());
  return launch;
}

class Run {
 public:
  Run(const TrialOrder& order, std::vector<std::unique_ptr<Probe>> probes, TrialWatcher& watcher)
      : order_{order}, probes_{std::move(probes)}, watcher_{watcher}, canaries_{order.seed, order.number} {
    trial_.directory = order.directory + "/" + order.id;
    trial_.secret_arena = order.scenario.secret_arena;
    trial_.lockdown = order.lockdown;
    trial_.crash = order.scenario.crash();
    trial_.attached = order.attach != 0;
    std::filesystem::create_directories(trial_.directory);
  }

  TrialOutcome carry_out() {
    const auto began = Clock::now();
    outcome_.report.id = order_.id;
    outcome_.report.sentence = order_.scenario.sentence();
    watcher_.began(order_);
    try {
      perform();
    } catch (const std::exception& failure) {
      broke_off(failure.what());
    } catch (...) {
      conclude();
      throw;   // Interrupted
    }
    conclude();
    outcome_.report.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
    watcher_.ended(outcome_.report);
    return std::move(outcome_);
  }

 private:
  void perform() {
    if (order_.attach != 0) {
      for_each_probe(std::nullopt, [&](Probe& probe, Findings& findings) {
        Launch none;
        probe.arm(trial_, none, findings);
      });
      relay_ = std::make_unique<RelayProcess>(order_.attach);
    } else {
      start();
    }
    for_each_probe(std::nullopt, [&](Probe& probe, Findings& findings) { probe.attach(trial_, *relay_, findings); });
    Workload workload{order_.scenario, canaries_, *relay_};
    outcome_.well_known = workload.well_known();
    if (order_.attach != 0) return hold(Phase::started);
    try {
      workload.run([this](Phase phase) { hold(phase); });
    } catch (const std::exception& failure) {
      broke_off(failure.what());
    }
    outcome_.report.messages = workload.ledger().messages();
    outcome_.report.due = workload.ledger().due();
    outcome_.report.received = workload.ledger().received();
    outcome_.lifetimes = workload.ledger().lifetimes();
  }

  void start() {
    const std::vector<std::string> known = order_.known_flags.empty() ? known_flags(order_.launch) : order_.known_flags;
    if (std::ranges::find(known, "memory.secret") == known.end()) trial_.secret_arena = false;
    Launch launch = prepare(order_, known);
    for_each_probe(std::nullopt, [&](Probe& probe, Findings& findings) { probe.arm(trial_, launch, findings); });
    check_interrupt();
    relay_ = std::make_unique<RelayProcess>(launch);
  }

  void hold(Phase phase) {
    phase_ = phase;
    for_each_probe(phase, [&](Probe& probe, Findings& findings) { probe.observe(trial_, phase, *relay_, findings); });
    if (order_.held) order_.held(phase, *relay_);
  }

  void conclude() {
    relay_.reset();
    for_each_probe(std::nullopt, [&](Probe& probe, Findings& findings) { probe.conclude(trial_, findings); });
  }

  // A probe that fails doesn't keep the others from looking.
  template <class Look>
  void for_each_probe(std::optional<Phase> phase, Look look) {
    Findings& all = outcome_.report.findings;
    for (const auto& probe : probes_) {
      const std::size_t before = all.size();
      try {
        look(*probe, all);
      } catch (const std::exception& failure) {
        all.push_back({first_detector(probe->id()), Kind::not_armed, phase, "", std::string{"The probe failed: "} + failure.what(), 0});
      }
      watcher_.looked(probe->id(), phase, std::span{all}.subspan(before));
    }
  }

  void broke_off(const std::string& why) {
    note_end();
    outcome_.report.findings.push_back({Detector::memory, Kind::missing, phase_, "workload", "The workload broke off: " + why, 0});
  }

  // A broker ends as a shell does: with 128 and the number of the signal that ended the relay.
  void note_end() try {
    if (relay_ == nullptr || order_.attach != 0 || relay_->serving() != 0) return;
    const int status = relay_->wait();
    if (WIFSIGNALED(status)) outcome_.killed_by = WTERMSIG(status);
    else if (WEXITSTATUS(status) > 128) outcome_.killed_by = WEXITSTATUS(status) - 128;
  } catch (const std::exception&) {
    // It goes on living: nothing has killed it.
  }

  const TrialOrder& order_;
  std::vector<std::unique_ptr<Probe>> probes_;
  TrialWatcher& watcher_;
  Canaries canaries_;
  Trial trial_{canaries_, {}};
  std::unique_ptr<RelayProcess> relay_;
  std::optional<Phase> phase_;
  TrialOutcome outcome_;
};

}  // namespace

TrialOutcome run_trial(const TrialOrder& order, std::vector<std::unique_ptr<Probe>> probes, TrialWatcher& watcher) {
  return Run{order, std::move(probes), watcher}.carry_out();
}

}  // namespace lethe::audit
