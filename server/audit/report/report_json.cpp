#include "audit/report/report_json.hpp"

#include <nlohmann/json.hpp>

#include "audit/report/looks.hpp"

namespace lethe::audit {
namespace {

using Json = nlohmann::ordered_json;

template <typename Items, typename Form>
Json array_of(const Items& items, Form form) {
  Json array = Json::array();
  for (const auto& item : items) array.push_back(form(item));
  return array;
}

Json form_of(const Subject& subject) {
  return {{"program", subject.program},
          {"sha256", subject.sha256},
          {"version", subject.version},
          {"flags", array_of(subject.flags, [](const std::string& flag) { return flag; })},
          {"kernel", subject.kernel},
          {"filter_sha256", subject.filter_sha256},
          {"landlock_abi", subject.landlock_abi},
          {"well_known", subject.well_known}};
}

Json form_of(const Finding& finding) {
  return {{"detector", name(finding.detector)},
          {"kind", name(finding.kind)},
          {"phase", finding.phase ? Json(name(*finding.phase)) : Json(nullptr)},
          {"place", finding.place},
          {"sentence", finding.sentence},
          {"count", finding.count}};
}

Json form_of(const TrialReport& trial) {
  return {{"id", trial.id},
          {"sentence", trial.sentence},
          {"duration_ms", trial.duration.count()},
          {"messages", trial.messages},
          {"due", trial.due},
          {"received", trial.received},
          {"findings", array_of(trial.findings, [](const Finding& finding) { return form_of(finding); })}};
}

template <typename Detectors>
Json names_of(const Detectors& detectors) {
  return array_of(detectors, [](Detector detector) { return name(detector); });
}

Json form_of(const ControlResult& result) {
  const auto& control = *result.control;
  return {{"id", control.id},
          {"row", control.row},
          {"sentence", control.sentence},
          {"expected", names_of(control.expected)},
          {"resident", control.resident},
          {"leaked", result.leaked},
          {"seen_by", names_of(result.seen_by)},
          {"prevented", result.prevented},
          {"prevented_errno", result.prevented_errno},
          {"escaped", result.escaped},
          {"note", result.note}};
}

Json form_of(const std::optional<BlindTrial>& blind) {
  if (!blind) return nullptr;
  return {{"caught", blind->caught}, {"missed", blind->missed}, {"false_alarms", blind->false_alarms}, {"cleared", blind->cleared}};
}

Json form_of(const Lifetime& lifetime) {
  return {{"state", lifetime.state}, {"longest_us", lifetime.longest.count()}, {"samples", lifetime.samples}};
}

Json form_of(const EvidenceFile& file) { return {{"path", file.path}, {"sha256", file.sha256}, {"bytes", file.bytes}}; }

}  // namespace

std::string report_json(const Report& report) {
  const Json json = {
      {"format", report_format},
      {"verdict", name(report.verdict)},
      {"reasons", array_of(report.reasons, [](const std::string& reason) { return reason; })},
      {"subject", form_of(report.subject)},
      {"auditor", report.auditor},
      {"command", report.command},
      {"seed", report.seed},
      {"full", report.full},
      {"began", report.began},
      {"duration_ms", report.duration.count()},
      {"trials", array_of(report.trials, [](const TrialReport& trial) { return form_of(trial); })},
      {"controls", array_of(report.controls, [](const ControlResult& result) { return form_of(result); })},
      {"blind", form_of(report.blind)},
      {"lifetimes", array_of(report.lifetimes, [](const Lifetime& lifetime) { return form_of(lifetime); })},
      {"not_checked", array_of(report.not_checked, [](const NotChecked& item) { return Json{{"what", item.what}, {"why", item.why}}; })},
      {"evidence", array_of(report.evidence, [](const EvidenceFile& file) { return form_of(file); })},
  };
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lethe::audit
