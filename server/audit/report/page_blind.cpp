#include "audit/report/page_sections.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit::page {
namespace {

void write_row(Markup& page, std::string_view heading, unsigned detected, unsigned silent, bool leaky) {
  page.open("tr").element("th", {{"scope", "row"}}, heading);
  const auto cell = [&page](unsigned count, bool right, std::string_view what) {
    page.open("td", {{"class", right ? "right" : count == 0 ? "wrong none" : "wrong"}});
    page.element("strong", grouped(count)).text(" ").element("span", {{"class", "about"}}, what).close();
  };
  cell(detected, leaky, leaky ? "caught" : "false alarms");
  cell(silent, !leaky, leaky ? "missed" : "cleared");
  page.element("td", {{"class", "amount"}}, grouped(detected + silent)).close().line();
}

// Three over n bounds a rate of which n independent tries showed no case, at 95 % confidence.
std::string bound(std::string_view what, unsigned wrong, unsigned runs) {
  if (runs == 0) return "There was no run to tell the rate of " + std::string{what} + " by.";
  if (wrong > 0) {
    return "The rate of " + std::string{what} + " was " + percent(static_cast<double>(wrong) / runs) + " of " + counted(runs, "run") +
           "; the rule of three does not apply.";
  }
  const auto rate = 3.0 / runs;
  const auto limit = rate < 1 ? percent(rate) : std::string{"100 %, for so few runs say nothing"};
  return "No " + std::string{what} + " in " + counted(runs, "run") + ": at 95 % confidence the rate is below 3/" + grouped(runs) + " = " + limit + ".";
}

}  // namespace

void write_blind_trial(Markup& page, const Report& report) {
  if (!report.blind) {
    paragraph(page, "It was not run. A full audit has one.");
    return;
  }
  const auto& blind = *report.blind;
  paragraph(page, "Leaky and clean runs in a shuffled order that the probes did not know.");
  begin_table(page, "plain confusion", "Confusion matrix of the blind trial");
  column_headings(page, {"Run", "Detected", "Not detected", "Runs"});
  page.open("tbody").line();
  write_row(page, "Leaky", blind.caught, blind.missed, true);
  write_row(page, "Clean", blind.false_alarms, blind.cleared, false);
  page.close();
  end_table(page);
  paragraph(page, bound("misses", blind.missed, blind.caught + blind.missed));
  paragraph(page, bound("false alarms", blind.false_alarms, blind.false_alarms + blind.cleared));
  paragraph(page, "Both hold for leaks such as those that were planted, in runs that do not depend on one another.");
}

}  // namespace lethe::audit::page
