#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "audit/report/report_json.hpp"
#include "unit/audit/report_samples.hpp"

namespace lethe::audit {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class EachReport : public testing::TestWithParam<Report (*)()> {};

TEST_P(EachReport, FitsItsSchema) { EXPECT_THAT(schema_problems(json::parse(report_json(GetParam()()))), IsEmpty()); }

TEST_P(EachReport, ComesBackAsItWas) {
  const auto text = report_json(GetParam()());
  const StoredReport stored{json::parse(text)};
  EXPECT_EQ(report_json(stored.report()), text);
}

INSTANTIATE_TEST_SUITE_P(Of, EachReport,
                         testing::Values(samples::passing, samples::failing, samples::inconclusive, samples::hostile));

TEST(ReportJson, IsTheSameForTheSameReport) { EXPECT_EQ(report_json(samples::failing()), report_json(samples::failing())); }

// Calls `visit` with each object within `value` and a pointer to it.
template <typename Visit>
void each_object(const json& value, const json::json_pointer& place, const Visit& visit) {
  if (value.is_object()) visit(value, place);
  if (!value.is_structured()) return;
  for (const auto& [key, inner] : value.items()) {
    each_object(inner, value.is_array() ? place / static_cast<std::size_t>(std::stoul(key)) : place / key, visit);
  }
}

json small_report() {
  auto report = samples::inconclusive();
  report.blind = BlindTrial{1, 2, 3, 4};
  report.trials.resize(1);
  report.trials[0].findings.resize(1);
  report.controls.resize(1);
  return json::parse(report_json(report));
}

TEST(ReportSchema, RefusesAReportThatLacksAnyField) {
  const auto whole = small_report();
  unsigned tried = 0;
  each_object(whole, json::json_pointer{}, [&](const json& object, const json::json_pointer& place) {
    for (const auto& [key, value] : object.items()) {
      auto broken = whole;
      broken[place].erase(key);
      EXPECT_FALSE(schema_problems(broken).empty()) << place / key;
      ++tried;
    }
  });
  EXPECT_GT(tried, 60U);
}

TEST(ReportSchema, RefusesAReportWithAnUnknownField) {
  const auto whole = small_report();
  each_object(whole, json::json_pointer{}, [&](const json&, const json::json_pointer& place) {
    auto broken = whole;
    broken[place]["surplus"] = 1;
    EXPECT_FALSE(schema_problems(broken).empty()) << place;
  });
}

TEST(ReportSchema, RefusesAFieldOfAnotherType) {
  const auto whole = small_report();
  each_object(whole, json::json_pointer{}, [&](const json& object, const json::json_pointer& place) {
    for (const auto& [key, value] : object.items()) {
      auto broken = whole;
      broken[place][key] = 0.5;
      EXPECT_FALSE(schema_problems(broken).empty()) << place / key;
    }
  });
}

struct Wrong {
  const char* place;
  json value;
};

TEST(ReportSchema, RefusesValuesThatAReportCannotHave) {
  const Wrong all[] = {{"/verdict", "PASSED"},
                       {"/format", "lethe-retention-report/2"},
                       {"/reasons", json::array()},
                       {"/seed", "1F2E3D4C5B6A7988"},
                       {"/began", "yesterday"},
                       {"/duration_ms", -1},
                       {"/subject/sha256", "abc"},
                       {"/trials/0/findings/0/detector", "sniffer"},
                       {"/trials/0/findings/0/kind", "not_armed"},
                       {"/trials/0/findings/0/phase", "later"},
                       {"/evidence/0/sha256", ""}};
  for (const auto& wrong : all) {
    auto broken = small_report();
    broken[json::json_pointer{wrong.place}] = wrong.value;
    EXPECT_FALSE(schema_problems(broken).empty()) << wrong.place;
  }
}

TEST(ReportSchema, NamesThePlaceAndNotTheValue) {
  auto broken = small_report();
  broken["subject"]["kernel"] = json::array({"a value of its own"});
  const auto problems = schema_problems(broken);
  EXPECT_THAT(problems, Contains(HasSubstr("[subject][kernel]")));
  EXPECT_THAT(problems, Not(Contains(HasSubstr("a value of its own"))));
}

}  // namespace
}  // namespace lethe::audit
