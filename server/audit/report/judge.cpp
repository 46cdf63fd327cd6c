#include <array>
#include <string>
#include <vector>

#include "audit/report/control_marks.hpp"
#include "audit/report/looks.hpp"
#include "audit/report/report.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit {
namespace {

using Reasons = std::vector<std::string>;

struct Judgement {
  Reasons failures;
  Reasons doubts;
};

void judge_findings(const Report& report, Judgement& judgement) {
  for (const auto& trial : report.trials) {
    for (const auto& finding : trial.findings) {
      if (finding.kind == Kind::detection) judgement.failures.push_back(sentence_of(trial, finding));
      const bool doubtful = finding.kind == Kind::missing || finding.kind == Kind::not_armed;
      if (doubtful) judgement.doubts.push_back(sentence_of(trial, finding));
    }
  }
}

void judge_looks(const Report& report, Reasons& doubts) {
  if (report.trials.empty()) {
    doubts.push_back("No trial of the relay was run.");
    return;
  }
  for (std::size_t index = 0; index < detector_count; ++index) {
    const auto detector = static_cast<Detector>(index);
    const bool looked = looks_of(report, detector).taken() > 0;
    if (!looked) doubts.push_back("No trial has a look of " + full_name(detector) + ".");
  }
  if (looks_of(report, Detector::memory).of(Kind::expected) == 0) {
    doubts.push_back("No scan of memory found a waiting message, so none was shown to find one.");
  }
}

void judge_delivery(const Report& report, Reasons& doubts) {
  unsigned due = 0;
  for (const auto& trial : report.trials) {
    due += trial.due;
    if (trial.received == trial.due) continue;
    doubts.push_back(trial.id + ": " + std::to_string(trial.received) + " of " + std::to_string(trial.due) +
                     " messages that were due were received byte-exact.");
  }
  if (due == 0 && !report.trials.empty()) doubts.push_back("No message was due to be received by anyone.");
}

void judge_controls(const Report& report, Judgement& judgement) {
  if (report.controls.empty()) judgement.doubts.push_back("No planted leak was tried, so no detector was shown to see.");
  for (const auto& result : report.controls) {
    const std::string subject = "Planted leak " + std::string{result.control->id};
    const std::string note = result.note.empty() ? std::string{} : " Note: " + result.note;
    if (escaped(result)) judgement.failures.push_back(subject + " succeeded although the lock-down was on." + note);
    if (!result.leaked) {
      judgement.doubts.push_back(subject + " did not leak, so it proves nothing." + note);
      continue;
    }
    if (result.control->expected.empty()) {
      judgement.doubts.push_back(subject + " has no detector that must see it.");
      continue;
    }
    if (!proved(result)) judgement.doubts.push_back(subject + " was not seen by " + listed(blind_detectors(result)) + "." + note);
    if (prevention_untried(result)) judgement.doubts.push_back(subject + " was not tried with the lock-down on." + note);
  }
}

void judge_blind_trial(const Report& report, Reasons& doubts) {
  if (!report.blind) {
    if (report.full) doubts.push_back("The blind trial was not run.");
    return;
  }
  const auto& blind = *report.blind;
  if (blind.missed > 0) doubts.push_back("The blind trial missed " + counted(blind.missed, "leaky run") + ".");
  if (blind.false_alarms > 0) {
    doubts.push_back("The blind trial raised " + counted(blind.false_alarms, "false alarm") + ".");
  }
  const bool both = blind.caught + blind.missed > 0 && blind.cleared + blind.false_alarms > 0;
  if (!both) doubts.push_back("The blind trial did not have both leaky and clean runs.");
  if (report.full && blind.runs() < blind_runs) {
    doubts.push_back("The blind trial had " + counted(blind.runs(), "run") + "; a full audit needs " +
                     std::to_string(blind_runs) + ".");
  }
}

Reasons reasons_to_pass(const Report& report) {
  const auto looks = looks_of(report);
  const auto marks = marks_of(report);
  Reasons reasons = {counted(looks.taken(), "look") + " by " + std::to_string(detector_count) + " detectors in " +
                         counted(report.trials.size(), "trial") + " found nothing of a message where it must not be.",
                     grouped(marks.proved) + " of " + grouped(marks.run) +
                         " planted leaks leaked and were seen by every detector that must see them.",
                     grouped(marks.prevented) + " of " + grouped(marks.preventable) +
                         " planted leaks that leave the process failed with the lock-down on."};
  if (report.blind) {
    reasons.push_back("The blind trial of " + counted(report.blind->runs(), "run") + " had no miss and no false alarm.");
  } else {
    reasons.push_back("This was not a full audit: it had no blind trial.");
  }
  const auto untried = detectors_without_control(report);
  if (!untried.empty()) reasons.push_back("No planted leak tries " + listed(untried) + ".");
  return reasons;
}

}  // namespace

std::string_view name(Verdict verdict) noexcept {
  constexpr std::array<std::string_view, 3> names = {"PASS", "FAIL", "INCONCLUSIVE"};
  return names[static_cast<std::size_t>(verdict)];
}

int exit_status(Verdict verdict) noexcept {
  constexpr std::array<int, 3> statuses = {0, 1, 3};
  return statuses[static_cast<std::size_t>(verdict)];
}

void judge(Report& report) {
  Judgement judgement;
  judge_findings(report, judgement);
  judge_controls(report, judgement);
  judge_looks(report, judgement.doubts);
  judge_delivery(report, judgement.doubts);
  judge_blind_trial(report, judgement.doubts);
  if (report.subject.sha256.empty()) judgement.doubts.push_back("The binary has no digest: the evidence is bound to nothing.");

  report.verdict = !judgement.failures.empty() ? Verdict::fail
                   : !judgement.doubts.empty() ? Verdict::inconclusive
                                               : Verdict::pass;
  report.reasons = std::move(judgement.failures);
  report.reasons.insert(report.reasons.end(), judgement.doubts.begin(), judgement.doubts.end());
  if (report.verdict == Verdict::pass) report.reasons = reasons_to_pass(report);
}

}  // namespace lethe::audit
