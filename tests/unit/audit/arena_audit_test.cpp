#include "audit/probes/arena_audit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/canary/canaries.hpp"
#include "audit/probes/admin_page.hpp"

namespace lethe::audit {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t mebibyte = 1 << 20;

std::string metrics(int audited, int dirty) {
  return "# HELP lethe_arena_bytes Size.\n# TYPE lethe_arena_bytes gauge\nlethe_arena_bytes 1048576\n"
         "lethe_arena_audited_blocks_total " + std::to_string(audited) +
         "\nlethe_arena_dirty_blocks_total " + std::to_string(dirty) + "\n";
}

class ArenaAuditTest : public ::testing::Test {
 protected:
  void see(const std::optional<std::string>& page, std::uint64_t unreadable = mebibyte, Phase phase = Phase::closed) {
    audit.observe(trial, phase, page, unreadable, findings);
  }
  void conclude() { audit.conclude(trial, findings); }
  std::vector<Kind> kinds() const {
    std::vector<Kind> all;
    for (const Finding& finding : findings) all.push_back(finding.kind);
    return all;
  }

  Canaries canaries{1, 1};
  Trial trial{canaries, {}};
  ArenaAudit audit;
  Findings findings;
};

TEST_F(ArenaAuditTest, IsCleanWhereBlocksWereLookedAtAndNoneWasDirty) {
  see(metrics(0, 0));
  see(metrics(1'000, 0));
  conclude();
  ASSERT_EQ(kinds(), (std::vector{Kind::clean, Kind::clean}));
  EXPECT_EQ(findings[0].count, mebibyte);
  EXPECT_EQ(findings[1].count, 1'000U);
}

TEST_F(ArenaAuditTest, DetectsDirtyBlocksOnceWithThePhase) {
  see(metrics(10, 0));
  see(metrics(20, 2), mebibyte, Phase::expired);
  see(metrics(30, 2), mebibyte, Phase::recalled);
  conclude();
  ASSERT_EQ(kinds(), (std::vector{Kind::clean, Kind::detection}));
  EXPECT_EQ(findings[1].phase, Phase::expired);
  EXPECT_EQ(findings[1].count, 2U);
}

TEST_F(ArenaAuditTest, MissesSecretMemoryThatCanBeRead) {
  see(metrics(10, 0), mebibyte - 4'096);
  EXPECT_EQ(kinds(), std::vector{Kind::missing});
}

TEST_F(ArenaAuditTest, IsNotArmedWithoutCountersOrWhenNothingWasLookedAt) {
  see("lethe_arena_bytes 1048576\n");
  conclude();
  ASSERT_EQ(kinds(), (std::vector{Kind::clean, Kind::not_armed}));
  EXPECT_THAT(findings[1].sentence, HasSubstr("doesn't count"));
  audit = {};
  findings.clear();
  see(metrics(0, 0));
  conclude();
  EXPECT_EQ(kinds(), (std::vector{Kind::clean, Kind::not_armed}));
  audit = {};
  findings.clear();
  see(std::nullopt);
  conclude();
  ASSERT_EQ(kinds(), std::vector{Kind::not_armed});
  EXPECT_THAT(findings[0].sentence, HasSubstr("does not answer"));
}

TEST_F(ArenaAuditTest, ForgivesAPageThatAnswersNoMoreAtTheEnd) {
  see(metrics(10, 0));
  see(std::nullopt, mebibyte, Phase::drained);
  conclude();
  EXPECT_EQ(kinds(), (std::vector{Kind::clean, Kind::clean}));
}

TEST_F(ArenaAuditTest, AsksNothingOfAnOrdinaryArenaWhoseRelayDoesNotCount) {
  trial.secret_arena = false;
  see("lethe_arena_bytes 1048576\n", 0);
  conclude();
  EXPECT_TRUE(findings.empty());
  see(metrics(5, 1), 0);
  EXPECT_EQ(kinds(), std::vector{Kind::detection});
}

TEST_F(ArenaAuditTest, ReadsTheExaminationAtTheEndInEitherFormatOfTheLog) {
  audit.ended("t=1 info drained count=3\nt=2 info arena_audited bytes=67108864 count=0\nt=3 info stopped\n", findings);
  audit.ended(R"({"event":"arena_audited","bytes":67108864,"count":2})" "\n", findings);
  audit.ended("t=1 info drained count=3\n", findings);
  ASSERT_EQ(kinds(), (std::vector{Kind::clean, Kind::detection}));
  EXPECT_EQ(findings[0].count, 67'108'864U);
  EXPECT_EQ(findings[1].count, 2U);
  EXPECT_EQ(findings[1].phase, Phase::stopped);
}

TEST(AdminPage, ReadsASampleByItsWholeName) {
  const std::string page = "# TYPE lethe_a gauge\nlethe_a_total 7\nlethe_a 1.5e3\nlethe_b{x=\"y\"} 2\nlethe_c 3";
  EXPECT_EQ(sample(page, "lethe_a"), 1'500);
  EXPECT_EQ(sample(page, "lethe_c"), 3);
  EXPECT_EQ(sample(page, "lethe_b"), std::nullopt);
  EXPECT_EQ(sample(page, "lethe"), std::nullopt);
}

}  // namespace
}  // namespace lethe::audit
