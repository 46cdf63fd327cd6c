#include "audit/report/checks.hpp"

#include "audit/report/control_marks.hpp"
#include "audit/report/looks.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit {
namespace {

Outcome outcome_of(const Looks& looks) {
  if (looks.of(Kind::detection) > 0) return Outcome::failed;
  return looks.of(Kind::missing) + looks.of(Kind::not_armed) > 0 ? Outcome::undecided : Outcome::passed;
}

void add_line(std::string& message, const std::string& line) {
  if (!message.empty()) message += '\n';
  message += line;
}

void check_trial(const TrialReport& trial, std::vector<Check>& checks) {
  for (std::size_t index = 0; index < detector_count; ++index) {
    const auto detector = static_cast<Detector>(index);
    Looks looks;
    Check check{trial.id, full_name(detector), Outcome::passed, {}};
    for (const auto& finding : trial.findings) {
      if (finding.detector != detector) continue;
      looks.add(finding);
      const bool good = finding.kind == Kind::clean || finding.kind == Kind::expected;
      if (!good) add_line(check.message, sentence_of(trial, finding));
    }
    check.outcome = outcome_of(looks);
    if (looks.worst()) checks.push_back(std::move(check));
  }
  if (trial.due == 0 && trial.received == 0) return;
  Check delivery{trial.id, "delivery", Outcome::passed, {}};
  if (trial.received != trial.due) {
    delivery.outcome = Outcome::undecided;
    delivery.message = std::to_string(trial.received) + " of " + std::to_string(trial.due) + " messages received byte-exact";
  }
  checks.push_back(std::move(delivery));
}

void check_control(const ControlResult& result, std::vector<Check>& checks) {
  const std::string id{result.control->id};
  Check seen{"controls", id + ": seen", Outcome::passed, {}};
  if (!proved(result)) {
    seen.outcome = Outcome::undecided;
    seen.message = result.leaked ? "not seen by " + listed(blind_detectors(result)) : std::string{"it did not leak"};
    if (!result.note.empty()) add_line(seen.message, result.note);
  }
  checks.push_back(std::move(seen));
  if (result.control->resident) return;
  Check prevented{"controls", id + ": prevented", Outcome::passed, {}};
  if (prevention_untried(result)) {
    const char* const why = result.leaked ? "it was not tried with the lock-down on" : "it did not leak with the lock-down off either";
    prevented = {"controls", prevented.name, Outcome::undecided, why};
  }
  if (escaped(result)) prevented = {"controls", prevented.name, Outcome::failed, "it succeeded although the lock-down was on"};
  checks.push_back(std::move(prevented));
}

void check_blind_trial(const BlindTrial& blind, std::vector<Check>& checks) {
  const auto outcome = [](unsigned wrong) { return wrong == 0 ? Outcome::passed : Outcome::undecided; };
  const auto message = [](unsigned wrong, const char* what) { return wrong == 0 ? std::string{} : counted(wrong, what); };
  checks.push_back({"blind-trial", "no miss", outcome(blind.missed), message(blind.missed, "missed leaky run")});
  checks.push_back({"blind-trial", "no false alarm", outcome(blind.false_alarms), message(blind.false_alarms, "false alarm")});
}

Check check_verdict(const Report& report) {
  Check check{"verdict", std::string{name(report.verdict)}, Outcome::passed, {}};
  if (report.verdict == Verdict::pass) return check;
  check.outcome = report.verdict == Verdict::fail ? Outcome::failed : Outcome::undecided;
  for (const auto& reason : report.reasons) add_line(check.message, reason);
  return check;
}

}  // namespace

std::vector<Check> checks_of(const Report& report) {
  std::vector<Check> checks;
  for (const auto& trial : report.trials) check_trial(trial, checks);
  for (const auto& result : report.controls) check_control(result, checks);
  if (report.blind) check_blind_trial(*report.blind, checks);
  checks.push_back(check_verdict(report));
  return checks;
}

}  // namespace lethe::audit
