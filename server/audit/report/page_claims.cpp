#include <algorithm>

#include "audit/report/control_marks.hpp"
#include "audit/report/page_sections.hpp"
#include "audit/report/report_words.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit::page {
namespace {

void write_detector(Markup& page, const Report& report, Detector detector) {
  const auto looks = looks_of(report, detector);
  page.open("li");
  if (const auto worst = looks.worst()) {
    mark(page, *worst);
  } else {
    mark(page, "not-armed", "never looked");
  }
  page.text(" ").element("b", name(detector)).text(": ");
  page.text(looks.taken() == 0 ? "no look" : counted(looks.taken(), "look"));
  for (const auto kind : {Kind::detection, Kind::missing, Kind::not_armed}) {
    if (looks.of(kind) > 0) page.text(", ").element("strong", grouped(looks.of(kind)) + " × " + std::string{words(kind)});
  }
  page.close();
}

bool concerns(const ControlResult& result, ProbeId probe) {
  const auto& expected = result.control->expected;
  return std::any_of(expected.begin(), expected.end(), [probe](Detector detector) { return probe_of(detector) == probe; });
}

// A leak counts for a probe where each of that probe's expected detectors saw it.
bool seen_by(const ControlResult& result, ProbeId probe) {
  const auto blind = blind_detectors(result);
  return result.leaked && std::none_of(blind.begin(), blind.end(), [probe](Detector detector) { return probe_of(detector) == probe; });
}

std::string controls_in_words(const Report& report, ProbeId probe) {
  std::size_t run = 0;
  std::size_t seen = 0;
  for (const auto& result : report.controls) {
    if (!concerns(result, probe)) continue;
    ++run;
    if (seen_by(result, probe)) ++seen;
  }
  return run == 0 ? "none tried" : grouped(seen) + " of " + grouped(run) + " seen";
}

void cell(Markup& page, std::string_view label, std::string_view text) {
  page.element("td", {{"role", "cell"}, {"data-label", label}}, text);
}

void write_claim(Markup& page, const Report& report, const Claim& claim) {
  page.open("tr", {{"role", "row"}});
  page.open("th", {{"scope", "row"}, {"role", "rowheader"}}).element("span", {{"class", "probe"}}, label(claim.probe)).text(" ");
  page.text(claim.claim).close();
  cell(page, "How it is enforced", claim.mechanism);
  cell(page, "How it was looked at", claim.evidence);
  page.open("td", {{"role", "cell"}, {"data-label", "What was seen"}}).open("ul", {{"class", "looks"}});
  for (std::size_t index = 0; index < detector_count; ++index) {
    const auto detector = static_cast<Detector>(index);
    if (probe_of(detector) == claim.probe) write_detector(page, report, detector);
  }
  page.close().close();
  cell(page, "Planted leaks", controls_in_words(report, claim.probe));
  page.close().line();
}

}  // namespace

void write_claims(Markup& page, const Report& report) {
  page.element("blockquote", promise).line();
  paragraph(page, "Five independent probes look for the opposite. The verdict needs all five.");
  write_legend(page);
  begin_table(page, "claims", "Claim, mechanism, evidence and control of each probe");
  page.open("thead", {{"role", "rowgroup"}}).open("tr", {{"role", "row"}});
  for (const auto heading : {"Claim", "How it is enforced", "How it was looked at", "What was seen", "Planted leaks"}) {
    page.element("th", {{"scope", "col"}, {"role", "columnheader"}}, heading);
  }
  page.close().close().open("tbody", {{"role", "rowgroup"}}).line();
  for (const auto& claim : claims()) write_claim(page, report, claim);
  page.close();
  end_table(page);
}

}  // namespace lethe::audit::page
