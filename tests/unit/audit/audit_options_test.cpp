#include "audit/audit_options.hpp"

#include <gtest/gtest.h>

#include "audit/audit_plan.hpp"

namespace lethe::audit {
namespace {

using Words = std::vector<std::string>;

AuditOptions accepted(const Words& words) {
  const auto read = read_options(words);
  const auto* options = std::get_if<AuditOptions>(&read);
  EXPECT_NE(options, nullptr) << (options == nullptr ? std::get<Leave>(read).text : "");
  return options != nullptr ? *options : AuditOptions{};
}

int left_with(const Words& words) {
  const auto read = read_options(words);
  const auto* leave = std::get_if<Leave>(&read);
  return leave != nullptr ? leave->status : -1;
}

TEST(AuditOptions, RunQuicklyByDefault) {
  const AuditOptions options = accepted({"run"});
  EXPECT_EQ(options.verb, Verb::run);
  EXPECT_FALSE(options.full);
  EXPECT_FALSE(options.seed);
  EXPECT_TRUE(options.flags.empty());
}

TEST(AuditOptions, TakeTheSubjectTheSeedAndTheReport) {
  const AuditOptions options = accepted({"run", "--binary", "/bin/lethe", "--seed", "00ffAB", "--report", "out", "--full", "--controls", "c"});
  EXPECT_EQ(options.binary, "/bin/lethe");
  EXPECT_EQ(options.seed, 0xffabU);
  EXPECT_EQ(options.report, "out");
  EXPECT_EQ(options.controls, "c");
  EXPECT_TRUE(options.full);
}

TEST(AuditOptions, PassOnWhatStandsAfterTheDashes) {
  const AuditOptions options = accepted({"run", "--quick", "--", "--threads=4", "--full"});
  EXPECT_EQ(options.flags, (Words{"--threads=4", "--full"}));
  EXPECT_FALSE(options.full);
}

TEST(AuditOptions, NameAReportToExplainOrVerify) {
  EXPECT_EQ(accepted({"explain", "r.json"}).verb, Verb::explain);
  EXPECT_EQ(accepted({"verify", "dir"}).verb, Verb::verify);
  EXPECT_EQ(accepted({"verify", "dir"}).path, "dir");
}

TEST(AuditOptions, RefuseWhatDoesNotGoTogether) {
  for (const Words& words : {Words{}, Words{"sing"}, Words{"run", "--binary=a", "--image=b"}, Words{"run", "--pid=1", "--image=b"},
                             Words{"run", "--quick", "--full"}, Words{"run", "--seed", "xyz"}, Words{"run", "--seed", "00112233445566778"},
                             Words{"run", "--pid", "-1"}, Words{"run", "--pid=1", "--", "--threads=2"}, Words{"explain"},
                             Words{"verify", "dir", "--", "--threads=2"}}) {
    EXPECT_EQ(left_with(words), 2) << testing::PrintToString(words);
  }
}

TEST(AuditOptions, ShowHelpAndVersionAndEndWell) {
  EXPECT_EQ(left_with({"--help"}), 0);
  EXPECT_EQ(left_with({"--version"}), 0);
  EXPECT_EQ(left_with({"run", "--help"}), 0);
}

TEST(AuditPlan, OnlyLooksAtARelayThatServesOthers) {
  AuditOptions options;
  options.pid = 77;
  const auto orders = plan_trials(options, {}, 1, "/work", 2);
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders.front().attach, 77);
  EXPECT_EQ(orders.front().scenario.ending, Ending::run_on);
  EXPECT_FALSE(left_out(options).empty());
}

TEST(AuditPlan, NumbersItsTrialsSoThatTheirCanariesDiffer) {
  const auto orders = plan_trials({}, {}, 9, "/work", 2);
  ASSERT_GT(orders.size(), 1U);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    EXPECT_EQ(orders[i].number, i + 1);
    EXPECT_EQ(orders[i].id, "audit-" + std::to_string(i + 1));
    EXPECT_EQ(orders[i].seed, 9U);
    EXPECT_EQ(orders[i].attach, 0);
  }
}

}  // namespace
}  // namespace lethe::audit
