#include "audit/workload/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace lethe::audit {
namespace {

bool contains(const std::vector<std::string>& flags, std::string_view flag) { return std::ranges::find(flags, flag) != flags.end(); }

const std::vector<std::string> known = {"listen", "admin", "threads", "tls.minimum", "memory.secret", "log.level"};

TEST(Scenario, PassesOnlyFlagsThatTheProgramKnows) {
  Scenario scenario;
  scenario.threads = 3;
  const std::vector<std::string> flags = scenario.flags(known);
  EXPECT_TRUE(contains(flags, "--listen=127.0.0.1:0"));
  EXPECT_TRUE(contains(flags, "--threads=3"));
  EXPECT_FALSE(std::ranges::any_of(flags, [](const std::string& flag) { return flag.starts_with("--drain.acks"); }));
}

TEST(Scenario, TurnsOnTls12AndTurnsOffTheSecretArenaWhereItWantsThat) {
  Scenario scenario;
  EXPECT_FALSE(contains(scenario.flags(known), "--tls.minimum=1.2"));
  EXPECT_FALSE(contains(scenario.flags(known), "--memory.secret=off"));
  scenario.tls = Tls::v1_2;
  scenario.secret_arena = false;
  EXPECT_TRUE(contains(scenario.flags(known), "--tls.minimum=1.2"));
  EXPECT_TRUE(contains(scenario.flags(known), "--memory.secret=off"));
}

TEST(Scenario, GivesWayToTheFlagsThatWereChosen) {
  const std::vector<std::string> chosen = {"--threads=9", "--log.format=json"};
  const std::vector<std::string> left = without_chosen({"--threads=1", "--log.level=debug"}, chosen);
  EXPECT_EQ(left, std::vector<std::string>{"--log.level=debug"});
}

TEST(Scenario, SaysInOneLineWhatIsSpecialAboutIt) {
  const Scenario scenario{4, Tls::v1_2, peer::Encoding::binary, false, Ending::kill, {}, 10};
  EXPECT_EQ(scenario.sentence(),
            "4 threads, TLS 1.2, binary, ordinary arena, soak of 10 messages, ended by SIGKILL while messages waited");
}

struct Seen {
  explicit Seen(const std::vector<Scenario>& plan) {
    for (const Scenario& scenario : plan) {
      threads.insert(scenario.threads);
      tls.insert(scenario.tls);
      encodings.insert(scenario.encoding);
      arenas.insert(scenario.secret_arena);
      endings.insert(scenario.ending);
      for (const Phase phase : scenario.stages) phases.insert(phase);
    }
  }
  std::set<unsigned> threads;
  std::set<Tls> tls;
  std::set<peer::Encoding> encodings;
  std::set<bool> arenas;
  std::set<Ending> endings;
  std::set<Phase> phases;
};

class Plan : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Sizes, Plan, testing::Bool(), [](const auto& full) { return full.param ? "full" : "quick"; });

TEST_P(Plan, CoversEveryValueAndEveryStage) {
  const Seen seen{plan(GetParam(), 2)};
  EXPECT_EQ(seen.threads, (std::set<unsigned>{1, 2}));
  EXPECT_EQ(seen.tls.size(), 2U);
  EXPECT_EQ(seen.encodings.size(), 2U);
  EXPECT_EQ(seen.arenas.size(), 2U);
  // started, queued, drained and stopped are no stages between.
  EXPECT_EQ(seen.phases.size(), phase_count - 4);
  EXPECT_TRUE(seen.endings.contains(Ending::drain));
  EXPECT_FALSE(seen.endings.contains(Ending::run_on));
}

TEST_P(Plan, LooksIntoAnOrdinaryArenaAtEveryStage) {
  std::vector<Scenario> ordinary = plan(GetParam(), 2);
  std::erase_if(ordinary, [](const Scenario& scenario) { return scenario.secret_arena; });
  EXPECT_EQ(Seen{ordinary}.phases.size(), phase_count - 4);
}

TEST_P(Plan, UsesSeveralThreadsOnASingleCore) { EXPECT_EQ(Seen{plan(GetParam(), 1)}.threads, (std::set<unsigned>{1, 2})); }

TEST(Plan, EndsInEveryWayAndSoaksWhereItIsFull) {
  const std::vector<Scenario> full = plan(true, 2);
  EXPECT_EQ(Seen{full}.endings.size(), ending_count - 1);
  EXPECT_TRUE(std::ranges::any_of(full, [](const Scenario& scenario) { return scenario.soak == 10'000; }));
}

TEST(Plan, KeepsTheOrderOfPhases) {
  for (const bool full : {false, true}) {
    for (const Scenario& scenario : plan(full, 2)) EXPECT_TRUE(std::ranges::is_sorted(scenario.stages));
  }
}

}  // namespace
}  // namespace lethe::audit
