#include <array>

#include "audit/report/page_sections.hpp"
#include "audit/report/report_words.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit::page {
namespace {

// The columns of the grid: every phase, then the trial as a whole.
constexpr std::size_t column_count = phase_count + 1;

std::optional<Phase> phase_of_column(std::size_t column) {
  return column < phase_count ? std::optional{static_cast<Phase>(column)} : std::nullopt;
}

std::string_view heading_of_column(std::size_t column) {
  return column < phase_count ? name(static_cast<Phase>(column)) : std::string_view{"whole trial"};
}

void write_grid_row(Markup& page, const TrialReport& trial) {
  page.open("tr").open("th", {{"scope", "row"}}).element("b", trial.id).text(" ");
  page.element("span", {{"class", "about"}}, trial.sentence).close();
  for (std::size_t column = 0; column < column_count; ++column) {
    page.open("td");
    if (const auto worst = looks_of(trial, phase_of_column(column)).worst()) {
      mark(page, *worst);
    } else {
      mark(page, "none", "no look");
    }
    page.close();
  }
  page.element("td", {{"class", "amount"}}, grouped(trial.received) + "/" + grouped(trial.due));
  page.close().line();
}

void write_grid(Markup& page, const Report& report) {
  begin_table(page, "grid", "The worst that any probe found, by trial and moment");
  page.open("thead").open("tr").element("th", {{"scope", "col"}}, "Trial");
  for (std::size_t column = 0; column < column_count; ++column) {
    page.open("th", {{"scope", "col"}, {"class", "turned"}}).element("span", heading_of_column(column)).close();
  }
  page.open("th", {{"scope", "col"}, {"class", "turned"}}).element("span", "received/due").close();
  page.close().close().open("tbody").line();
  for (const auto& trial : report.trials) write_grid_row(page, trial);
  page.close();
  end_table(page);
}

void write_row(Markup& page, const TrialReport& trial, const Finding& finding, bool with_trial) {
  page.open("tr");
  if (with_trial) page.element("th", {{"scope", "row"}}, trial.id);
  page.element("td", moment_of(finding)).element("td", full_name(finding.detector));
  page.open("td", {{"class", "outcome"}});
  mark(page, finding.kind);
  page.close();
  page.open("td").text(finding.sentence);
  if (!finding.place.empty()) page.text(" ").element("code", finding.place);
  page.close().element("td", {{"class", "amount"}}, finding.count == 0 ? "" : grouped(finding.count)).close().line();
}

bool wants_attention(const Finding& finding) {
  return finding.kind == Kind::detection || finding.kind == Kind::missing || finding.kind == Kind::not_armed;
}

void write_attention(Markup& page, const Report& report) {
  const auto looks = looks_of(report);
  page.element("h3", "What stands against a PASS");
  if (looks.of(Kind::detection) + looks.of(Kind::missing) + looks.of(Kind::not_armed) == 0) {
    paragraph(page, report.trials.empty() ? "No trial was run." : "No finding of any probe.");
    return;
  }
  begin_table(page, "plain problems", "Detections, and where a probe was blind or could not look");
  column_headings(page, {"Trial", "Moment", "Detector", "Outcome", "What and where", "Count"});
  page.open("tbody").line();
  for (const auto& trial : report.trials) {
    for (const auto& finding : trial.findings) {
      if (wants_attention(finding)) write_row(page, trial, finding, true);
    }
  }
  page.close();
  end_table(page);
}

void write_every_finding(Markup& page, const Report& report) {
  page.element("h3", "Every finding");
  for (const auto& trial : report.trials) {
    page.open("details", {{"class", "trial"}}).open("summary").element("b", trial.id).text(" ").text(trial.sentence);
    page.element("span", {{"class", "about"}}, " · " + counted(trial.findings.size(), "finding") + " · " +
                                                   counted(trial.messages, "message") + " · " + duration_in_words(trial.duration));
    page.close().line();
    begin_table(page, "plain every", "Findings of " + trial.id);
    column_headings(page, {"Moment", "Detector", "Outcome", "What and where", "Count"});
    page.open("tbody").line();
    for (const auto& finding : trial.findings) write_row(page, trial, finding, false);
    page.close();
    end_table(page);
    page.close().line();
  }
  page.element("p", {{"class", "on-paper"}}, "On paper the findings of trials that are folded up are left out; report.json has them all.");
}

void write_moments(Markup& page) {
  page.open("details").element("summary", "What the moments and the detectors are").open("dl", {{"class", "words"}});
  for (std::size_t index = 0; index < phase_count; ++index) {
    const auto phase = static_cast<Phase>(index);
    page.open("div").element("dt", name(phase)).element("dd", meaning_of(phase)).close();
  }
  page.close().open("dl", {{"class", "words"}});
  for (std::size_t index = 0; index < detector_count; ++index) {
    const auto detector = static_cast<Detector>(index);
    page.open("div").element("dt", full_name(detector)).element("dd", meaning_of(detector)).close();
  }
  page.close().close().line();
}

}  // namespace

void write_findings(Markup& page, const Report& report) {
  if (!report.trials.empty()) {
    write_legend(page);
    write_grid(page, report);
  }
  write_attention(page, report);
  if (!report.trials.empty()) write_every_finding(page, report);
  write_moments(page);
}

}  // namespace lethe::audit::page
