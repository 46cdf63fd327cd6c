#include "audit/controls/control_trials.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <random>
#include <set>

#include "audit/controls/leak_table.hpp"
#include "audit/probes/storage_probe.hpp"

namespace lethe::audit {
namespace {

// A control that is a flag or an ending of the relay, not a planted leak.
constexpr std::string_view by_flag = "tickets";
constexpr std::string_view by_crash = "core-dump";

// What a planted leak goes by: its program's name carries what it is to do, past every cleaning of the environment.
std::string name_for(std::string_view program, std::string_view leak) {
  return std::string{program} + "+" + std::string{leak} + "+" + StorageProbe::leak_directory;
}

// Keeps what the leaks last said; they are asked while their process lives.
class LastWord {
 public:
  void ask(Phase phase, const RelayProcess& relay) {
    if (phase == Phase::stopped) return;
    if (auto results = leaks_of(relay.serving())) results_ = std::move(*results);
  }
  const LeakResult* of(std::string_view id) const {
    const auto found = std::ranges::find(results_, id, &LeakResult::id);
    return found == results_.end() ? nullptr : &*found;
  }

 private:
  std::vector<LeakResult> results_;
};

std::vector<Detector> detectors_of(const Findings& findings) {
  std::set<Detector> seen;
  for (const Finding& finding : findings) {
    if (finding.kind == Kind::detection) seen.insert(finding.detector);
  }
  return {seen.begin(), seen.end()};
}

// Why a trial may have seen less than it should.
std::string trouble_in(const Findings& findings) {
  for (const Finding& finding : findings) {
    if (finding.kind == Kind::not_armed || finding.kind == Kind::missing) return std::string{name(finding.detector)} + ": " + finding.sentence;
  }
  return {};
}

}  // namespace

std::optional<ControlPrograms> find_control_programs(const std::string& directory) {
  ControlPrograms programs{directory + "/lethe_leaks.so", directory + "/lethe-leaky"};
  std::error_code error;
  if (!std::filesystem::exists(programs.preload, error) || !std::filesystem::exists(programs.leaky, error)) return std::nullopt;
  return programs;
}

ControlTrials::ControlTrials(ControlPrograms programs, TrialOrder order, TrialWatcher& watcher)
    : programs_{std::move(programs)}, order_{std::move(order)}, watcher_{watcher} {}

TrialOrder ControlTrials::next_order(const std::string& id) {
  ++order_.number;
  TrialOrder order = order_;
  order.id = id;
  order.scenario = brief_scenario();
  return order;
}

ControlTrials::Seen ControlTrials::run_one(const Control& control, const std::string& name) {
  TrialOrder order = next_order(name);
  order.lockdown = false;
  order.launch.name = name_for(order.launch.program, control.id);
  order.launch.environment.push_back("LD_PRELOAD=" + programs_.preload);
  if (control.id == by_flag) order.launch.arguments.push_back("--tls.resumption=true");
  if (control.id == by_crash) order.scenario.ending = Ending::crash_piped;
  LastWord word;
  order.held = [&word](Phase phase, const RelayProcess& relay) { word.ask(phase, relay); };
  const TrialReport report = run_trial(order, all_probes(), watcher_).report;
  Seen seen{false, detectors_of(report.findings), trouble_in(report.findings)};
  const LeakResult* const result = word.of(control.id);
  seen.leaked = result != nullptr ? result->successes > 0 : control.id == by_flag || control.id == by_crash;
  if (!seen.leaked) seen.note = result == nullptr ? "its table was not found" : result->attempts == 0 ? "it was never tried" : "it failed, errno " + std::to_string(result->error);
  return seen;
}

std::vector<ControlResult> ControlTrials::run_all() {
  std::vector<ControlResult> results;
  for (const Control& control : all_controls()) {
    const Seen seen = run_one(control, "control-" + std::string{control.id});
    ControlResult result;
    result.control = &control;
    result.leaked = seen.leaked;
    result.seen_by = seen.by;
    result.note = seen.note;
    results.push_back(std::move(result));
  }
  run_prevention(results);
  return results;
}

TrialOrder ControlTrials::locked_down(const std::string& id, std::string_view leak) {
  TrialOrder order = next_order(id);
  order.launch.program = programs_.leaky;
  order.launch.name = name_for(programs_.leaky, leak);
  order.known_flags.clear();
  return order;
}

// All leaks that the lock-down must stop, one after the other from inside of one process.
void ControlTrials::run_prevention(std::vector<ControlResult>& results) {
  TrialOrder order = locked_down("prevention", "all");
  LastWord word;
  order.held = [&word](Phase phase, const RelayProcess& relay) { word.ask(phase, relay); };
  const std::string trouble = trouble_in(run_trial(order, all_probes(), watcher_).report.findings);
  for (ControlResult& result : results) {
    if (result.control->resident) continue;
    if (result.control->lethal) {
      run_lethal(result);
      continue;
    }
    const LeakResult* const tried = word.of(result.control->id);
    result.prevented = tried != nullptr && tried->attempts > 0 && tried->successes == 0;
    result.escaped = tried != nullptr && tried->successes > 0;
    if (tried != nullptr) result.prevented_errno = tried->error;
    if (result.prevented || !result.note.empty()) continue;
    if (tried == nullptr) result.note = "under the lock-down it was not tried" + (trouble.empty() ? "" : ": " + trouble);
    else result.note = "the lock-down did not stop it";
  }
}

// A process that the filter has ended can't be asked: how it ended says it.
void ControlTrials::run_lethal(ControlResult& result) {
  const TrialOrder order = locked_down("prevention-" + std::string{result.control->id}, result.control->id);
  const TrialOutcome outcome = run_trial(order, all_probes(), watcher_);
  result.prevented = outcome.killed_by == SIGSYS;
  result.escaped = !result.prevented && !outcome.killed_by;
  if (result.note.empty()) result.note = result.prevented ? "under the lock-down the attempt ended the process (SIGSYS)" : "the lock-down did not stop it";
}

BlindTrial ControlTrials::run_blind(unsigned runs) {
  constexpr Control clean{"none", 0, "No leak.", {}, true};
  std::mt19937_64 random{order_.seed ^ runs};
  std::vector<const Control*> drawn;
  for (unsigned run = 0; run < runs; ++run) {
    const auto controls = all_controls();
    drawn.push_back(run % 2 == 0 ? &clean : &controls[random() % controls.size()]);
  }
  std::ranges::shuffle(drawn, random);
  BlindTrial blind;
  for (unsigned run = 0; run < runs; ++run) {
    const bool leaky = drawn[run] != &clean;
    const bool detected = !run_one(*drawn[run], "blind-" + std::to_string(run + 1)).by.empty();
    ++(leaky ? detected ? blind.caught : blind.missed : detected ? blind.false_alarms : blind.cleared);
  }
  return blind;
}

}  // namespace lethe::audit
