#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include <nlohmann/json.hpp>

#include "audit/report/checks.hpp"
#include "unit/audit/report_samples.hpp"

namespace lethe::audit {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::size_t count(const std::vector<Check>& checks, Outcome outcome) {
  return static_cast<std::size_t>(std::count_if(checks.begin(), checks.end(), [outcome](const Check& check) { return check.outcome == outcome; }));
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto place = text.find(part); place != std::string::npos; place = text.find(part, place + 1)) ++found;
  return found;
}

// The value of an attribute of the first such element.
std::size_t attribute(const std::string& xml, const std::string& element, const std::string& attribute) {
  std::smatch match;
  const std::regex pattern{"<" + element + " [^>]*\\b" + attribute + "=\"([0-9]+)\""};
  return std::regex_search(xml, match, pattern) ? std::stoul(match[1]) : ~std::size_t{0};
}

TEST(Checks, AllPassInAPassAndNotOtherwise) {
  const auto passed = checks_of(samples::passing());
  EXPECT_EQ(count(passed, Outcome::passed), passed.size());
  EXPECT_GT(count(checks_of(samples::failing()), Outcome::failed), 0U);
  EXPECT_EQ(count(checks_of(samples::inconclusive()), Outcome::failed), 0U);
  EXPECT_GT(count(checks_of(samples::inconclusive()), Outcome::undecided), 0U);
}

// A verdict may have a reason that is in no trial: a detector that never looked.
TEST(Checks, OneFailsForEveryVerdictThatIsNoPass) {
  auto report = samples::passing();
  for (auto& trial : report.trials) std::erase_if(trial.findings, [](const Finding& each) { return each.detector == Detector::swap; });
  judge(report);
  ASSERT_EQ(report.verdict, Verdict::inconclusive);
  const auto checks = checks_of(report);
  EXPECT_EQ(count(checks, Outcome::undecided), 1U);
  EXPECT_EQ(checks.back().suite, "verdict");
}

TEST(Checks, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  const auto checks = checks_of(samples::failing());
  for (const auto& check : checks) names.insert(check.suite + "/" + check.name);
  EXPECT_EQ(names.size(), checks.size());
}

TEST(Checks, NameEveryFindingThatStandsAgainstAPass) {
  std::string messages;
  const auto report = samples::failing();
  for (const auto& check : checks_of(report)) messages += check.message + "\n";
  for (const auto& reason : report.reasons) EXPECT_THAT(messages, HasSubstr(reason));
}

TEST(Junit, CountsWhatItHas) {
  for (const auto make : {samples::passing, samples::failing, samples::inconclusive, samples::hostile}) {
    const auto report = make();
    const auto checks = checks_of(report);
    const auto xml = junit_xml(report);
    EXPECT_EQ(attribute(xml, "testsuites", "tests"), checks.size());
    EXPECT_EQ(attribute(xml, "testsuites", "failures"), count(checks, Outcome::failed));
    EXPECT_EQ(attribute(xml, "testsuites", "errors"), count(checks, Outcome::undecided));
    EXPECT_EQ(occurrences(xml, "<testcase "), checks.size());
    EXPECT_EQ(occurrences(xml, "<failure "), count(checks, Outcome::failed));
    EXPECT_EQ(occurrences(xml, "<error "), count(checks, Outcome::undecided));
    EXPECT_EQ(occurrences(xml, "<testsuite "), report.trials.size() + 2 + (report.blind ? 1 : 0));
  }
}

TEST(Attestation, IsAStatementAboutTheBinary) {
  const auto report = samples::passing();
  const auto statement = nlohmann::json::parse(attestation_json(report, std::string(64, 'a')));
  EXPECT_EQ(statement["_type"], "https://in-toto.io/Statement/v1");
  EXPECT_EQ(statement["predicateType"], "https://in-toto.io/attestation/test-result/v0.1");
  ASSERT_EQ(statement["subject"].size(), 1U);
  EXPECT_EQ(statement["subject"][0]["digest"]["sha256"], report.subject.sha256);
  const auto& predicate = statement["predicate"];
  EXPECT_EQ(predicate["result"], "PASSED");
  ASSERT_EQ(predicate["configuration"].size(), 1U);
  EXPECT_EQ(predicate["configuration"][0]["digest"]["sha256"], std::string(64, 'a'));
  EXPECT_EQ(predicate["configuration"][0]["annotations"]["seed"], report.seed);
  EXPECT_EQ(predicate["passedTests"].size(), checks_of(report).size());
  EXPECT_TRUE(predicate["failedTests"].empty());
  EXPECT_TRUE(predicate["warnedTests"].empty());
}

TEST(Attestation, OfAnInconclusiveAuditIsNotPassed) {
  const auto report = samples::inconclusive();
  const auto predicate = nlohmann::json::parse(attestation_json(report, std::string(64, 'a')))["predicate"];
  EXPECT_EQ(predicate["result"], "FAILED");
  EXPECT_EQ(predicate["configuration"][0]["annotations"]["verdict"], "INCONCLUSIVE");
  EXPECT_THAT(predicate["failedTests"], Contains("controls/uring-write: seen"));
}

}  // namespace
}  // namespace lethe::audit
