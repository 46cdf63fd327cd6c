#include "unit/audit/report_controls.hpp"
#include "unit/audit/report_samples.hpp"

namespace lethe::audit::samples {
namespace {

Control hostile_control() {
  static constexpr Detector expected[] = {Detector::memory};
  return {.id = hostile_text, .row = 1, .sentence = hostile_text, .expected = expected, .resident = false};
}

}  // namespace

// The last four: an escape sequence, a byte that no UTF-8 has, an override of direction, and a zero byte.
const std::string hostile_text = std::string{"</style></script><img src=x onerror=alert(1)>&lt;\"'`]]>--><!-- | **x** [y](http://z.example) \n# h\t"} +
                                 "\x1b[2J\x1b]0;title\x07" + "\xff\xc0\xaf" + "\xe2\x80\xae" + std::string{'\0'} + "end";

Report hostile() {
  static const Control control = hostile_control();
  Report report = failing();
  const auto& text = hostile_text;
  report.subject = {.program = text, .sha256 = report.subject.sha256, .version = text, .flags = {text, text}, .kernel = text,
                    .filter_sha256 = {}, .landlock_abi = 0, .well_known = R"({"protections":{"<b>&":true,"\u001b[2J\"'":false}})" };
  report.auditor = report.command = text;
  for (auto& trial : report.trials) {
    trial.id += text;
    trial.sentence = text;
    for (auto& finding : trial.findings) finding.place = finding.sentence = text;
  }
  report.controls.push_back({.control = &control, .leaked = false, .seen_by = {}, .prevented = false, .prevented_errno = 0, .escaped = false, .note = text});
  report.lifetimes.push_back({text, std::chrono::microseconds{5}, 1});
  report.not_checked.push_back({text, text});
  report.evidence = {{text, report.evidence.front().sha256, 1}};
  judge(report);
  return report;
}

}  // namespace lethe::audit::samples
