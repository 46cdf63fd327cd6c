#include <algorithm>
#include <cctype>

#include "audit/report/control_marks.hpp"
#include "audit/report/page_sections.hpp"
#include "audit/report/protections.hpp"
#include "audit/report/report_words.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit::page {
namespace {

constexpr std::size_t reasons_shown = 6;

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char character) { return static_cast<char>(std::tolower(character)); });
  return out;
}

void write_reasons(Markup& page, const Report& report) {
  const auto& reasons = report.reasons;
  const auto shown = std::min(reasons.size(), reasons_shown);
  page.open("ul", {{"class", "reasons"}});
  for (std::size_t index = 0; index < shown; ++index) page.element("li", reasons[index]);
  page.close().line();
  if (shown == reasons.size()) return;
  page.open("details").element("summary", "And " + grouped(reasons.size() - shown) + " more").open("ul", {{"class", "reasons"}});
  for (std::size_t index = shown; index < reasons.size(); ++index) page.element("li", reasons[index]);
  page.close().close().line();
}

void fact(Markup& page, std::string_view what, std::string_view value) {
  page.open("div").element("dt", what).element("dd", value).close();
}

void write_facts(Markup& page, const Report& report) {
  const auto looks = looks_of(report);
  const auto marks = marks_of(report);
  page.open("dl", {{"class", "facts"}});
  fact(page, "Trials", grouped(report.trials.size()));
  fact(page, "Looks", grouped(looks.taken()));
  fact(page, "Detections", grouped(looks.of(Kind::detection)));
  fact(page, "Planted leaks seen", grouped(marks.proved) + " of " + grouped(marks.run));
  fact(page, "Planted leaks prevented", grouped(marks.prevented) + " of " + grouped(marks.preventable));
  const auto blind = report.blind ? grouped(report.blind->missed) + " of " + grouped(report.blind->caught + report.blind->missed)
                                  : std::string{"not run"};
  fact(page, "Missed in blind trial", blind);
  page.close().line();
}

// A relay that runs with part of its lock-down off says so itself; so does its report, whatever the verdict.
void write_degraded(Markup& page, const Report& report) {
  const auto shortcomings = shortcomings_of(report.subject.well_known);
  if (!shortcomings.empty()) page.element("p", {{"class", "degraded"}}, shortcomings).line();
}

}  // namespace

void write_verdict(Markup& page, const Report& report) {
  const auto verdict = lower(name(report.verdict));
  const std::string classes = "verdict " + verdict;
  page.open("header", {{"class", classes}}).line();
  page.open("p", {{"class", "kicker"}}).text("Lethe retention audit · ").text(report.full ? "full" : "short").text(" · ");
  page.element("time", report.began).text(" · took ").text(duration_in_words(report.duration)).close().line();
  page.open("h1");
  const std::string symbol = "#mark-" + verdict;
  page.open("svg", {{"aria-hidden", "true"}, {"viewBox", "0 0 48 48"}}).lone("use", {{"href", symbol}}).close();
  page.element("span", name(report.verdict)).close().line();
  page.element("p", {{"class", "meaning"}}, meaning_of(report.verdict)).line();
  write_reasons(page, report);
  write_degraded(page, report);
  page.open("p", {{"class", "next"}}).element("strong", "What to do: ").text(next_step_of(report.verdict)).close().line();
  write_facts(page, report);
  page.close().line();
}

}  // namespace lethe::audit::page
