// The rule by which an audit gets its verdict: each case breaks one thing of an audit in which all is as it must be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "audit/report/report.hpp"
#include "unit/audit/report_samples.hpp"

namespace lethe::audit {
namespace {

using testing::HasSubstr;

struct Case {
  const char* name;
  std::function<void(Report&)> breaks;
  Verdict verdict;
  const char* reason;    // a part of the first one
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.name; }

class Judgement : public testing::TestWithParam<Case> {};

TEST_P(Judgement, FollowsTheRule) {
  auto report = samples::passing();
  ASSERT_EQ(report.verdict, Verdict::pass);
  GetParam().breaks(report);
  judge(report);
  EXPECT_EQ(report.verdict, GetParam().verdict) << name(report.verdict);
  ASSERT_FALSE(report.reasons.empty());
  EXPECT_THAT(report.reasons.front(), HasSubstr(GetParam().reason));
}

Finding finding(Detector detector, Kind kind) {
  return {.detector = detector, .kind = kind, .phase = Phase::closed, .place = "[heap]+0x40", .sentence = "Something.", .count = 3};
}

void add(Report& report, Finding added) { report.trials[4].findings.push_back(std::move(added)); }

// Takes away whatever `takes` says of all trials.
void take(Report& report, const std::function<bool(const Finding&)>& takes) {
  for (auto& trial : report.trials) std::erase_if(trial.findings, takes);
}

ControlResult& control(Report& report, bool resident) {
  for (auto& result : report.controls) {
    if (result.control->resident == resident) return result;
  }
  throw std::logic_error("no such control");
}

const Case cases[] = {
    {"Nothing", [](Report&) {}, Verdict::pass, "found nothing of a message"},
    {"WhatWasNotChecked", [](Report& report) { report.not_checked.push_back({"The moon", "too far"}); }, Verdict::pass, ""},
    {"Detection", [](Report& report) { add(report, finding(Detector::memory, Kind::detection)); }, Verdict::fail,
     "audit-5, closed: P3 memory: Something. ([heap]+0x40; count 3)"},
    {"DetectionBeforeDoubt",
     [](Report& report) {
       add(report, finding(Detector::swap, Kind::not_armed));
       add(report, finding(Detector::tree, Kind::detection));
     },
     Verdict::fail, "P2 tree"},
    {"LeakThatTheLockDownLetsThrough",
     [](Report& report) {
       control(report, false).prevented = false;
       control(report, false).escaped = true;
     },
     Verdict::fail,
     "Planted leak file succeeded although the lock-down was on."},
    {"LeakThatWasNotTriedUnderTheLockDown", [](Report& report) { control(report, false).prevented = false; }, Verdict::inconclusive,
     "Planted leak file was not tried with the lock-down on."},
    {"ResidentLeak", [](Report& report) { control(report, true).escaped = true; }, Verdict::pass, ""},
    {"DetectorNotArmed", [](Report& report) { add(report, finding(Detector::packets, Kind::not_armed)); }, Verdict::inconclusive, "P5 packets"},
    {"DetectorBlind", [](Report& report) { add(report, finding(Detector::memory, Kind::missing)); }, Verdict::inconclusive, "P3 memory"},
    {"DetectorThatNeverLooked",
     [](Report& report) { take(report, [](const Finding& each) { return each.detector == Detector::cores; }); }, Verdict::inconclusive,
     "No trial has a look of P2 cores."},
    {"NoPositiveControl", [](Report& report) { take(report, [](const Finding& each) { return each.kind == Kind::expected; }); },
     Verdict::inconclusive, "No scan of memory found a waiting message"},
    {"NoTrial", [](Report& report) { report.trials.clear(); }, Verdict::inconclusive, "No trial of the relay was run."},
    {"MessageNotReceived", [](Report& report) { --report.trials[1].received; }, Verdict::inconclusive,
     "audit-2: 235 of 236 messages that were due were received byte-exact."},
    {"NoMessageDue",
     [](Report& report) {
       for (auto& trial : report.trials) trial.due = trial.received = 0;
     },
     Verdict::inconclusive, "No message was due"},
    {"NoControls", [](Report& report) { report.controls.clear(); }, Verdict::inconclusive, "No planted leak was tried"},
    {"ControlThatDidNotLeak", [](Report& report) { control(report, false).leaked = false; }, Verdict::inconclusive,
     "Planted leak file did not leak"},
    {"ControlThatIsNotSeen", [](Report& report) { control(report, false).seen_by = {Detector::tree, Detector::io_counters}; },
     Verdict::inconclusive, "Planted leak file was not seen by P2 file-events and P2 raw-device."},
    {"BlindTrialWithAMiss", [](Report& report) { report.blind = BlindTrial{31, 1, 0, 32}; }, Verdict::inconclusive, "missed 1 leaky run."},
    {"BlindTrialWithAFalseAlarm", [](Report& report) { report.blind = BlindTrial{32, 0, 2, 30}; }, Verdict::inconclusive,
     "raised 2 false alarms."},
    {"BlindTrialWithoutLeakyRuns", [](Report& report) { report.blind = BlindTrial{0, 0, 0, 64}; }, Verdict::inconclusive, "both leaky and clean"},
    {"BlindTrialThatIsTooSmall", [](Report& report) { report.blind = BlindTrial{29, 0, 0, 30}; }, Verdict::inconclusive, "had 59 runs"},
    {"NoBlindTrialOfAFullAudit", [](Report& report) { report.blind.reset(); }, Verdict::inconclusive, "The blind trial was not run."},
    {"NoBlindTrialOfAQuickAudit",
     [](Report& report) {
       report.blind.reset();
       report.full = false;
     },
     Verdict::pass, ""},
    {"NoDigest", [](Report& report) { report.subject.sha256.clear(); }, Verdict::inconclusive, "The binary has no digest"},
};

INSTANTIATE_TEST_SUITE_P(Of, Judgement, testing::ValuesIn(cases), [](const auto& tested) { return std::string{tested.param.name}; });

TEST(Verdict, OfAQuickAuditSaysThatItHadNoBlindTrial) {
  auto report = samples::passing();
  report.blind.reset();
  report.full = false;
  judge(report);
  EXPECT_THAT(report.reasons, testing::Contains("This was not a full audit: it had no blind trial."));
}

TEST(Verdict, NamesDetectorsThatNoPlantedLeakTries) {
  auto report = samples::passing();
  std::erase_if(report.controls, [](const ControlResult& result) { return result.control->id == "no-filter"; });
  judge(report);
  EXPECT_EQ(report.verdict, Verdict::pass);
  EXPECT_THAT(report.reasons, testing::Contains("No planted leak tries P1 filter and P1 injection."));
}

TEST(Verdict, HasAnExitStatusOfItsOwn) {
  EXPECT_EQ(exit_status(Verdict::pass), 0);
  EXPECT_EQ(exit_status(Verdict::fail), 1);
  EXPECT_EQ(exit_status(Verdict::inconclusive), 3);
}

}  // namespace
}  // namespace lethe::audit
