#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>

#include "audit/report/checks.hpp"
#include "audit/report/digest.hpp"
#include "audit/report/markup.hpp"
#include "audit/report/report_html.hpp"
#include "audit/report/report_markdown.hpp"
#include "audit/report/report_words.hpp"
#include "support/temporary_directory.hpp"
#include "unit/audit/report_samples.hpp"

namespace lethe::audit {
namespace {

using test::TemporaryDirectory;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string escaped(std::string_view text) { return Markup{}.text(text).take(); }

// What report_page_check.py says of a file with this text; empty: nothing.
std::string complaints(const std::string& text, const std::string& name) {
  const TemporaryDirectory directory;
  write_file(directory / name, text);
  const auto command = std::string{"python3 -B '" LETHE_SOURCES "/tests/unit/audit/report_page_check.py' '"} + (directory / name) + "' >'" + (directory / "said") + "' 2>&1";
  const int status = std::system(command.c_str());
  const auto said = read_file(directory / "said");
  return status == 0 ? std::string{} : "not in order: " + said;
}

class EachPage : public testing::TestWithParam<Report (*)()> {};

TEST_P(EachPage, IsWellFormedAndCompleteInItself) { EXPECT_EQ(complaints(report_html(GetParam()()), "report.html"), ""); }

TEST_P(EachPage, HasAWellFormedJunitBesideIt) { EXPECT_EQ(complaints(junit_xml(GetParam()()), "junit.xml"), ""); }

TEST_P(EachPage, ShowsAllThatTheReportHas) {
  const auto report = GetParam()();
  std::set<std::string> texts{report.seed, report.command, report.auditor};
  const auto& subject = report.subject;
  texts.insert({subject.sha256, subject.program, subject.kernel, subject.version, subject.well_known});
  texts.insert(report.reasons.begin(), report.reasons.end());
  for (const auto& trial : report.trials) {
    texts.insert({trial.id, trial.sentence});
    for (const auto& finding : trial.findings) texts.insert({finding.sentence, finding.place});
  }
  for (const auto& result : report.controls) {
    texts.insert({std::string{result.control->id}, std::string{result.control->sentence}, result.note});
  }
  for (const auto& lifetime : report.lifetimes) texts.insert(lifetime.state);
  for (const auto& item : report.not_checked) texts.insert({item.what, item.why});
  for (const auto& file : report.evidence) texts.insert({file.path, file.sha256});
  const auto page = report_html(report);
  for (const auto& text : texts) EXPECT_NE(page.find(escaped(text)), std::string::npos) << text;
}

TEST_P(EachPage, LetsNoTextOfTheReportThroughAsItIs) {
  const auto report = GetParam()();
  EXPECT_THAT(report_html(report), Not(HasSubstr("<img")));
  EXPECT_THAT(report_html(report), Not(HasSubstr("<b>&\"")));
  EXPECT_THAT(report_markdown(report), Not(ContainsRegex("[^\\\\](<img|\\[y|[*][*]x|https?://)")));
  EXPECT_THAT(report_markdown(report), Not(HasSubstr("\n# h")));
  EXPECT_THAT(report_markdown(report), Not(HasSubstr("\x1b")));
}

INSTANTIATE_TEST_SUITE_P(Of, EachPage, testing::Values(samples::passing, samples::failing, samples::inconclusive, samples::hostile));

TEST(Page, CountsEveryFindingOnce) {
  auto report = samples::passing();
  const std::string told = "Told this once.";
  report.trials[5].findings.push_back({.detector = Detector::tls, .kind = Kind::clean, .phase = Phase::drained, .place = {}, .sentence = told, .count = 0});
  const auto page = report_html(report);
  EXPECT_NE(page.find(told), std::string::npos);
  EXPECT_EQ(page.find(told), page.rfind(told));
}

TEST(Page, SaysItsVerdictFirst) {
  const auto page = report_html(samples::failing());
  EXPECT_LT(page.find("<span>FAIL</span>"), page.find("<main>"));
  EXPECT_THAT(page, HasSubstr("data-verdict=\"FAIL\""));
}

TEST(Page, BoundsTheRateOfMissesByTheLeakyRunsAlone) {
  EXPECT_THAT(report_html(samples::passing()), HasSubstr("No misses in 32 runs: at 95 % confidence the rate is below 3/32 = 9.4 %."));
  auto report = samples::passing();
  report.blind = BlindTrial{24, 8, 0, 32};
  EXPECT_THAT(report_html(report), HasSubstr("The rate of misses was 25.0 % of 32 runs; the rule of three does not apply."));
}

TEST(Page, SaysWhatTheRelaySaysIsNotInForce) {
  EXPECT_THAT(report_html(samples::inconclusive()),
              HasSubstr("DEGRADED, by the relay&#39;s own account. Not in force: landlock, secret_arena."));
  EXPECT_THAT(report_markdown(samples::inconclusive()), HasSubstr("**DEGRADED, by"));
  EXPECT_THAT(report_html(samples::passing()), Not(HasSubstr("own account")));
}

TEST(Page, PromisesNothingBeyondThePromise) {
  for (const auto make : {samples::passing, samples::failing, samples::inconclusive}) {
    const auto page = report_html(make());
    for (const auto* phrase : {"cannot be logged", "can't be logged", "stops root", "guarantee", "impossible"}) {
      EXPECT_THAT(page, Not(HasSubstr(phrase)));
    }
    for (const auto& level : levels()) EXPECT_THAT(page, HasSubstr(escaped(level.holds)));
    EXPECT_THAT(page, HasSubstr("No claim. End-to-end encryption by the clients is the answer."));
  }
}

TEST(PageCheck, FindsWhatIsBroken) {
  const std::string begin = "<!DOCTYPE html><html><body>";
  const std::string end = "</body></html>";
  EXPECT_EQ(complaints(begin + "<p>x</p>" + end, "good.html"), "");
  for (const auto* broken : {"<p>x", "<b><i>x</b></i>", "<img/>", "<a href=\"http://z.example\">x</a>", "<p onclick=\"x\">x</p>",
                             "<table><tr><td>x</td></tr></table>", "<table><caption>c</caption><tr><th>x</th></tr></table>",
                             "<p id=\"a\">x</p><p id=\"a\">x</p>", "<a href=\"#nowhere\">x</a>", "<style>p{background:url(http://z)}</style>"}) {
    EXPECT_NE(complaints(begin + broken + end, "bad.html"), "") << broken;
  }
  EXPECT_NE(complaints("<a><b></a>", "bad.xml"), "");
}

}  // namespace
}  // namespace lethe::audit
