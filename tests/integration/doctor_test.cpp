// `lethe --doctor` on the machine that runs the tests, and a start that asks it first.
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "support/relay_process.hpp"
#include "support/temporary_directory.hpp"

namespace lethe::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using nlohmann::json;

int rank(const std::string& severity) {
  const std::vector<std::string> severities{"ok", "note", "warning", "breaks-promise"};
  return static_cast<int>(std::ranges::find(severities, severity) - severities.begin());
}

json diagnosis(std::vector<std::string> more, int& status) {
  std::vector<std::string> arguments{"--doctor", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Ended ended = run_relay(arguments);
  EXPECT_EQ(ended.err, "");
  status = ended.status;
  return json::parse(ended.out);
}

const json& finding(const json& report, const std::string& check) {
  return *std::ranges::find_if(report["findings"], [&check](const json& one) { return one["check"] == check; });
}

TEST(Doctor, AnswersInJsonWithAnExitStatusThatIsItsWorstFinding) {
  int status = -1;
  const json report = diagnosis({}, status);
  int worst = 0;
  std::map<std::string, int> counts{{"ok", 0}, {"note", 0}, {"warning", 0}, {"breaks-promise", 0}};
  ASSERT_GT(report["findings"].size(), 20U);
  for (const json& one : report["findings"]) {
    ASSERT_LT(rank(one["severity"]), 4) << one;
    worst = std::max(worst, rank(one["severity"]));
    ++counts[one["severity"]];
    for (const char* const key : {"check", "severity", "what", "why", "where", "fix"}) EXPECT_TRUE(one.at(key).is_string()) << one;
    EXPECT_FALSE(one["what"].get<std::string>().empty());
    EXPECT_EQ(one["where"].get<std::string>().empty(), one["fix"].get<std::string>().empty()) << one;
    EXPECT_EQ(one["why"].get<std::string>().empty(), one["severity"] == "ok") << one;
  }
  EXPECT_EQ(rank(report["worst"]), worst);
  EXPECT_EQ(report["counts"], json(counts));
  EXPECT_EQ(status, std::max(0, worst - 1));
  EXPECT_EQ(report["status"], status);
}

TEST(Doctor, LooksAtTheConfigurationOfTheStartThatWouldBe) {
  int status = -1;
  const json off = diagnosis({"--lockdown=off"}, status);
  EXPECT_EQ(status, 2);
  EXPECT_EQ(finding(off, "lock-down")["severity"], "breaks-promise");
  const json strict = diagnosis({"--lockdown=strict"}, status);
  EXPECT_EQ(finding(strict, "lock-down")["severity"], "ok");
}

TEST(Doctor, FindsTheRelayThatRunsWithTheSameConfiguration) {
  const TemporaryDirectory directory;
  const std::string path = directory / "lethe.json";
  std::ofstream{path} << "{}";
  const RelayProcess relay{{{"config", path}}};
  int status = -1;
  const json report = diagnosis({"--config", path}, status);
  EXPECT_EQ(report["relay"], locks_down() ? json(relay.serving_pid()) : json(nullptr)) << "one process is no broker with a relay";
}

TEST(Doctor, SaysTheSameToPeople) {
  const Ended ended = run_relay({"--doctor", "--lockdown=off"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.out, HasSubstr("breaks-promise: lock-down\n"));
  EXPECT_THAT(ended.out, HasSubstr("      \"lockdown\": \"strict\"\n"));
}

TEST(Doctor, SaysWhatIsWrongWithItsArguments) {
  EXPECT_EQ(run_relay({"--json"}).status, 2);
  EXPECT_EQ(run_relay({"--doctor", "--threads=1000"}).status, 2);
}

// What breaks the promise wherever this runs: no lock-down.
TEST(HostCheck, StrictEndsTheStartWithOneSentence) {
  const Ended ended = run_relay({"--lockdown=off", "--host_check=strict", "--listen=127.0.0.1:0", "--admin=", "--memory.locking=off"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, AllOf(StartsWith("lethe: host_check: "), HasSubstr("lethe --doctor")));
  EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
}

TEST(HostCheck, WarnsInTheLogAndCanBeTurnedOff) {
  const RelayProcess warned{{{"lockdown", "off"}}};
  EXPECT_THAT(warned.out(), HasSubstr(" warning unfit_host count="));
  const RelayProcess silent{{{"lockdown", "off"}, {"host_check", "off"}}};
  EXPECT_EQ(silent.out().find("unfit_host"), std::string::npos);
}

}  // namespace
}  // namespace lethe::test
