#include "audit/probes/memory_verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "audit/canary/canaries.hpp"

namespace lethe::audit {
namespace {

using ::testing::HasSubstr;

// Payloads of 32 and 8 bytes and one too small to be found, an id and an address: markers 1 (the small payload), 2, 3.
class MemoryVerdict : public ::testing::Test {
 protected:
  MemoryVerdict() {
    for (const std::size_t size : {32UL, 8UL, 3UL}) (void)canaries.payload(size);
    std::array<std::uint8_t, 16> bytes{};
    canaries.fill(bytes);
    canaries.add(Secret::message_id, bytes);
    canaries.add(Secret::address, bytes);
    process.role = "relay";
    process.pid = 1;
    process.scan.read = 1'000;
    process.scan.mappings = {{0x1000, 0x9000, "rw-p", "[heap]"}, {0x20000, 0x30000, "rw-p", "[anonymous]"}};
    trial.secret_arena = false;
  }

  void hit(Secret secret, std::uint32_t marker, std::optional<std::uint32_t> block = {}, std::size_t mapping = 0) {
    process.scan.hits.push_back({Hit{0x40, secret, Form::raw, marker, block}, mapping});
  }
  void both_payloads() {
    hit(Secret::payload, 0, 1);
    hit(Secret::payload, 1);
  }
  Findings judge(Phase phase) { return judge_memory(trial, phase, {&process, 1}); }

  Canaries canaries{1, 1};
  Trial trial{canaries, {}};
  ScannedProcess process;
};

std::vector<Kind> kinds(const Findings& findings) {
  std::vector<Kind> all;
  for (const Finding& finding : findings) all.push_back(finding.kind);
  return all;
}

TEST_F(MemoryVerdict, IsCleanWithoutHits) {
  const Findings findings = judge(Phase::acknowledged);
  ASSERT_EQ(kinds(findings), std::vector{Kind::clean});
  EXPECT_EQ(findings[0].detector, Detector::memory);
  EXPECT_EQ(findings[0].phase, Phase::acknowledged);
  EXPECT_EQ(findings[0].count, 1'000U);
}

TEST_F(MemoryVerdict, CallsAPayloadADetectionAtEveryPhaseButQueued) {
  hit(Secret::payload, 0, 1);
  for (std::size_t i = 0; i < phase_count; ++i) {
    const auto phase = static_cast<Phase>(i);
    const bool detected = std::ranges::count(kinds(judge(phase)), Kind::detection) == 1;
    EXPECT_EQ(detected, phase != Phase::queued) << name(phase);
  }
}

TEST_F(MemoryVerdict, NamesProcessMappingOffsetPayloadAndBlock) {
  hit(Secret::payload, 0, 1);
  const Findings findings = judge(Phase::closed);
  ASSERT_EQ(kinds(findings), std::vector{Kind::detection});
  EXPECT_EQ(findings[0].place, "relay: [heap]+0x40");
  EXPECT_THAT(findings[0].sentence, HasSubstr("block 1 of payload 0 (32 bytes), raw"));
}

TEST_F(MemoryVerdict, CountsHitsOfOneKindInOneMappingTogether) {
  for (int i = 0; i < 5; ++i) hit(Secret::payload, 0, 1);
  hit(Secret::payload, 0, 1, 1);
  hit(Secret::message_id, 2);
  const Findings findings = judge(Phase::closed);
  ASSERT_EQ(kinds(findings), std::vector(3, Kind::detection));
  EXPECT_EQ(findings[0].count, 5U);
  EXPECT_EQ(findings[1].count, 1U);
  EXPECT_EQ(findings[2].count, 1U);
}

TEST_F(MemoryVerdict, ExpectsPayloadsOfEverySearchableSizeWhileTheyAreQueued) {
  both_payloads();
  EXPECT_EQ(kinds(judge(Phase::queued)), (std::vector{Kind::clean, Kind::expected}));
}

TEST_F(MemoryVerdict, MissesASizeOfWhichNothingWasFoundWhileQueued) {
  hit(Secret::payload, 0, 0);
  const Findings findings = judge(Phase::queued);
  ASSERT_EQ(kinds(findings), (std::vector{Kind::clean, Kind::missing}));
  EXPECT_THAT(findings[1].sentence, HasSubstr("not found: 8."));
}

TEST_F(MemoryVerdict, CallsAPayloadInReadableMemoryADetectionWhereTheArenaIsSecret) {
  trial.secret_arena = true;
  both_payloads();
  EXPECT_EQ(kinds(judge(Phase::queued)), std::vector(1, Kind::detection));
}

TEST_F(MemoryVerdict, LetsIdsWaitWithTheirMessagesAndAddressesWithTheirMailboxes) {
  hit(Secret::message_id, 2);
  EXPECT_EQ(kinds(judge(Phase::closed)), std::vector{Kind::detection});
  both_payloads();
  EXPECT_EQ(kinds(judge(Phase::queued)), (std::vector{Kind::clean, Kind::expected}));
  process.scan.hits.clear();
  hit(Secret::address, 3);
  const Findings findings = judge(Phase::closed);
  ASSERT_EQ(kinds(findings), std::vector{Kind::clean});
  EXPECT_THAT(findings[0].sentence, HasSubstr("1 hits of kind address: A mailbox keeps"));
}

TEST_F(MemoryVerdict, NeverLetsInvitesTopicsClientsAddressesAndUserAgentsRemain) {
  for (const Secret secret : {Secret::invite, Secret::topic, Secret::client_address, Secret::user_agent}) {
    process.scan.hits.clear();
    hit(secret, 2);
    both_payloads();
    EXPECT_EQ(std::ranges::count(kinds(judge(Phase::queued)), Kind::detection), 1) << name(secret);
  }
}

TEST_F(MemoryVerdict, IsNotArmedWhereAProcessCouldNotBeOpenedOrHitsWereCut) {
  process.scan.refused = true;
  process.scan.read = 0;
  EXPECT_EQ(kinds(judge(Phase::closed)), std::vector{Kind::not_armed});
  process.scan.refused = false;
  process.scan.read = 1'000;
  process.scan.cut = true;
  EXPECT_EQ(kinds(judge(Phase::closed)), (std::vector{Kind::not_armed, Kind::clean}));
}

TEST_F(MemoryVerdict, WritesALineForEachHitWithoutItsBytesAndCountsTheAllowedOnes) {
  both_payloads();
  for (int i = 0; i < 3; ++i) hit(Secret::address, 3);
  const std::string path = ::testing::TempDir() + "/memory_verdict_test.jsonl";
  write_hits(path, trial, Phase::closed, {&process, 1});
  std::ifstream file{path};
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  std::filesystem::remove(path);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].at("place"), "[heap]+0x40");
  EXPECT_EQ(lines[0].at("block"), 1);
  EXPECT_EQ(lines[0].at("payload"), 0);
  EXPECT_EQ(lines[0].at("form"), "raw");
  EXPECT_EQ(lines[1].at("marker"), 1);
  EXPECT_EQ(lines[2].at("secret"), "address");
  EXPECT_EQ(lines[2].at("allowed"), 3);
}

}  // namespace
}  // namespace lethe::audit
