#include "doctor/report.hpp"

#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "doctor/wording.hpp"
#include "unit/doctor/healthy.hpp"

namespace lethe::doctor {
namespace {

using ::testing::HasSubstr;

std::vector<Finding> some() {
  return {fine("clock", "Right."), found(Severity::note, "log", "It goes to a disk.", "Nothing secret is in it."),
          found(Severity::breaks_promise, "swap", "Swap is on.", "It is written.", {"here, as root", "swapoff -a"}),
          found(Severity::warning, "tcp", "Short.", "A crowd.", {"here, as root", "sysctl -w net.core.somaxconn=4096"})};
}

TEST(Report, HasTheWorstFirstAndOneLineThatSumsUp) {
  const std::string text = text_report(some(), Facts{});
  EXPECT_LT(text.find("breaks-promise: swap"), text.find("warning: tcp"));
  EXPECT_LT(text.find("warning: tcp"), text.find("note: log"));
  EXPECT_LT(text.find("note: log"), text.find("ok: clock"));
  EXPECT_THAT(text, HasSubstr("\n      swapoff -a\n"));
  EXPECT_THAT(text, HasSubstr("1 finding breaks the promise, 1 warning, 1 note, 1 fine (shell, no relay that"));
}

TEST(Report, FitsEightyColumnsButForFixes) {
  ops::Config config = good_config();
  Facts facts = healthy();
  facts.process.locked_limit = 0;
  facts.memory.swaps->push_back(disk());
  std::istringstream lines{text_report(examine(config, facts), facts)};
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.size() <= 80 || line.starts_with("      ")) << line;
  }
}

TEST(Report, IsJsonWithEveryFinding) {
  Facts facts;
  facts.process.relay = 17;
  facts.host.place = Place::podman;
  const auto json = nlohmann::json::parse(json_report(some(), facts, "1.2.3"));
  EXPECT_EQ(json["lethe"], "1.2.3");
  EXPECT_EQ(json["place"], "podman");
  EXPECT_EQ(json["relay"], 17);
  EXPECT_EQ(json["worst"], "breaks-promise");
  EXPECT_EQ(json["status"], 2);
  EXPECT_EQ(json["counts"], (nlohmann::json{{"breaks-promise", 1}, {"warning", 1}, {"note", 1}, {"ok", 1}}));
  ASSERT_EQ(json["findings"].size(), 4U);
  EXPECT_EQ(json["findings"][2], (nlohmann::json{{"check", "swap"}, {"severity", "breaks-promise"}, {"what", "Swap is on."},
                                                 {"why", "It is written."}, {"where", "here, as root"}, {"fix", "swapoff -a"}}));
}

TEST(Report, TheExitStatusIsTheWorstFindings) {
  EXPECT_EQ(exit_status(Severity::ok), 0);
  EXPECT_EQ(exit_status(Severity::note), 0);
  EXPECT_EQ(exit_status(Severity::warning), 1);
  EXPECT_EQ(exit_status(Severity::breaks_promise), 2);
  EXPECT_EQ(worst(some()), Severity::breaks_promise);
  EXPECT_EQ(worst({}), Severity::ok);
}

TEST(Report, NamesEachCheckOnce) {
  std::set<std::string_view> names;
  const auto findings = examine(good_config(), healthy());
  EXPECT_EQ(findings.size(), checks().size());
  for (const Finding& finding : findings) EXPECT_TRUE(names.insert(finding.check).second) << finding.check;
}

TEST(Wording, IsForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(bytes_text(1'023), "1023 bytes");
  EXPECT_EQ(bytes_text(1'536), "1.5 KiB");
  EXPECT_EQ(bytes_text(ByteCount{4} << 30), "4 GiB");
  EXPECT_EQ(bytes_text(unlimited), "unlimited");
}

}  // namespace
}  // namespace lethe::doctor
