#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <span>

#include "audit/report/checks.hpp"
#include "audit/report/markup.hpp"

namespace lethe::audit {
namespace {

struct Counts {
  std::string tests;
  std::string failures;
  std::string errors;
};

Counts counts_of(std::span<const Check> checks) {
  const auto with = [checks](Outcome outcome) {
    return std::to_string(std::count_if(checks.begin(), checks.end(), [outcome](const Check& check) { return check.outcome == outcome; }));
  };
  return {std::to_string(checks.size()), with(Outcome::failed), with(Outcome::undecided)};
}

std::string seconds(std::chrono::milliseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", std::chrono::duration<double>(time).count());
  return text.data();
}

std::string time_of(const Report& report, const std::string& suite) {
  const auto trial = std::find_if(report.trials.begin(), report.trials.end(), [&](const TrialReport& each) { return each.id == suite; });
  return seconds(trial == report.trials.end() ? std::chrono::milliseconds{0} : trial->duration);
}

void write(Markup& xml, const Check& check) {
  const Markup::Attributes attributes = {{"classname", check.suite}, {"name", check.name}};
  if (check.outcome == Outcome::passed) {
    xml.lone("testcase", attributes).line();
    return;
  }
  const bool failed = check.outcome == Outcome::failed;
  const std::string first = check.message.substr(0, check.message.find('\n'));
  xml.open("testcase", attributes);
  xml.element(failed ? "failure" : "error", {{"message", first}, {"type", failed ? "detection" : "undecided"}}, check.message);
  xml.close().line();
}

void write_suite(Markup& xml, const Report& report, std::span<const Check> checks) {
  const auto counts = counts_of(checks);
  const auto& suite = checks.front().suite;
  xml.open("testsuite", {{"name", suite},
                         {"tests", counts.tests},
                         {"failures", counts.failures},
                         {"errors", counts.errors},
                         {"time", time_of(report, suite)}});
  xml.line();
  if (suite == "verdict") {
    xml.open("properties").lone("property", {{"name", "verdict"}, {"value", name(report.verdict)}});
    xml.lone("property", {{"name", "seed"}, {"value", report.seed}});
    xml.lone("property", {{"name", "sha256"}, {"value", report.subject.sha256}}).close().line();
  }
  for (const auto& check : checks) write(xml, check);
  xml.close().line();
}

}  // namespace

std::string junit_xml(const Report& report) {
  const auto checks = checks_of(report);
  const auto counts = counts_of(checks);
  Markup xml;
  xml.verbatim("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  xml.open("testsuites", {{"name", "lethe retention audit"},
                          {"tests", counts.tests},
                          {"failures", counts.failures},
                          {"errors", counts.errors},
                          {"time", seconds(report.duration)}});
  xml.line();
  for (auto first = checks.begin(); first != checks.end();) {
    const auto last = std::find_if(first, checks.end(), [&](const Check& check) { return check.suite != first->suite; });
    write_suite(xml, report, {first, last});
    first = last;
  }
  return xml.close().line().take();
}

}  // namespace lethe::audit
