#include <cstring>

#include "audit/report/control_marks.hpp"
#include "audit/report/page_sections.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit::page {
namespace {

// Whether it is the first detector of its probe: a stronger line stands before it.
bool begins_probe(Detector detector) {
  if (detector == Detector{}) return true;
  return probe_of(detector) != probe_of(static_cast<Detector>(static_cast<std::size_t>(detector) - 1));
}

void write_probe_headings(Markup& page) {
  page.open("tr").element("th", {{"scope", "col"}, {"rowspan", "2"}}, "Planted leak");
  page.open("th", {{"scope", "col"}, {"rowspan", "2"}, {"class", "turned"}}).element("span", "leaked").close();
  for (std::size_t probe = 0; probe < probe_count; ++probe) {
    std::size_t width = 0;
    for (std::size_t index = 0; index < detector_count; ++index) {
      if (probe_of(static_cast<Detector>(index)) == static_cast<ProbeId>(probe)) ++width;
    }
    const auto id = static_cast<ProbeId>(probe);
    page.element("th", {{"scope", "colgroup"}, {"colspan", std::to_string(width)}, {"class", "group first"}}, label(id));
  }
  page.open("th", {{"scope", "col"}, {"rowspan", "2"}, {"class", "turned first"}}).element("span", "prevented").close().close();
}

void write_headings(Markup& page) {
  page.open("thead");
  write_probe_headings(page);
  page.open("tr");
  for (std::size_t index = 0; index < detector_count; ++index) {
    const auto detector = static_cast<Detector>(index);
    page.open("th", {{"scope", "col"}, {"class", begins_probe(detector) ? "turned first" : "turned"}});
    page.element("span", name(detector)).close();
  }
  page.close().close();
}

void write_sight(Markup& page, const ControlResult& result, Detector detector) {
  const bool expected = expects(*result.control, detector);
  const bool seen = saw(result, detector);
  page.open("td", {{"class", begins_probe(detector) ? "first" : "inner"}});
  if (expected && !result.leaked && !seen) {
    mark(page, "not-armed", "not shown: it did not leak");
  } else if (expected) {
    mark(page, seen ? "seen" : "detection", seen ? "must see it, and did" : "must see it, and did not");
  } else if (seen) {
    mark(page, "also", "saw it, too");
  }
  page.close();
}

void write_prevention(Markup& page, const ControlResult& result) {
  page.open("td", {{"class", "first"}});
  if (result.control->resident) {
    mark(page, "inside", "stays inside of the process: nothing to prevent");
  } else if (escaped(result)) {
    mark(page, "detection", "succeeded although the lock-down was on");
  } else if (prevention_untried(result)) {
    mark(page, "not-armed", result.leaked ? "not shown: it was not tried with the lock-down on" : "not shown: it did not leak");
  } else {
    const char* const error = result.prevented_errno == 0 ? nullptr : strerrorname_np(result.prevented_errno);
    mark(page, "seen", error == nullptr ? "failed with the lock-down on" : std::string{"failed with the lock-down on: "} + error);
  }
  page.close();
}

void write_control(Markup& page, const ControlResult& result) {
  const auto& control = *result.control;
  page.open("tr").open("th", {{"scope", "row"}}).element("b", control.id).text(" ");
  page.element("span", {{"class", "about"}}, "row " + std::to_string(control.row) + ": " + std::string{control.sentence});
  if (!result.note.empty()) page.text(" ").element("span", {{"class", "note"}}, result.note);
  page.close().open("td");
  mark(page, result.leaked ? "seen" : "detection", result.leaked ? "it leaked" : "it did not leak");
  page.close();
  for (std::size_t index = 0; index < detector_count; ++index) write_sight(page, result, static_cast<Detector>(index));
  write_prevention(page, result);
  page.close().line();
}

void write_legend_of_controls(Markup& page) {
  page.open("ul", {{"class", "legend"}, {"aria-label", "Legend"}});
  legend_entry(page, "seen", "as it must be: it leaked, was seen, was prevented");
  legend_entry(page, "detection", "not as it must be");
  legend_entry(page, "also", "saw it, though it need not");
  legend_entry(page, "inside", "stays inside of the process: nothing to prevent");
  legend_entry(page, "not-armed", "not shown");
  page.close().line();
}

}  // namespace

void write_controls(Markup& page, const Report& report) {
  if (report.controls.empty()) {
    paragraph(page, "No leak was planted. Nothing shows that the detectors see.");
    return;
  }
  const auto marks = marks_of(report);
  paragraph(page, "A detector that finds nothing proves something only if it would have found it. So leaks were planted, one for each "
                  "channel, and each proved by its own side channel that it leaked. With the lock-down off, every detector that must "
                  "see a leak has to see it; with the lock-down on, the same leak has to fail.");
  paragraph(page, grouped(marks.proved) + " of " + grouped(marks.run) + " leaks leaked and were seen by every detector that must see them. " +
                      grouped(marks.prevented) + " of " + grouped(marks.preventable) + " that leave the process failed with the lock-down on.");
  if (const auto untried = detectors_without_control(report); !untried.empty()) {
    paragraph(page, "No planted leak tries " + listed(untried) + ".");
  }
  write_legend_of_controls(page);
  begin_table(page, "grid matrix", "Planted leaks and the detectors that must see them");
  write_headings(page);
  page.open("tbody").line();
  for (const auto& result : report.controls) write_control(page, result);
  page.close();
  end_table(page);
}

}  // namespace lethe::audit::page
