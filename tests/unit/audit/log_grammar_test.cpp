#include "audit/probes/log_grammar.hpp"

#include <gtest/gtest.h>

namespace lethe::audit {
namespace {

TEST(LogGrammar, KnowsTheLinesOfTheLog) {
  for (const char* const line : {
           "2026-01-31T12:00:00.000Z info listening port=8443",
           "2026-01-31T12:00:00.000Z debug session_closed session=12 code=4001",
           "2026-01-31T12:00:00.000Z debug handshake_failed session=3 error=asio.ssl:167773276",
           "2026-01-31T12:00:00.000Z info stopped",
           "2026-01-31T12:00:00.000Z warning needs_restart option=limits.session.verifications_per_second",
           R"({"time":"2026-01-31T12:00:00.000Z","severity":"warning","event":"needs_restart","option":"memory.arena"})",
           R"({"time":"2026-01-31T12:00:00.000Z","severity":"info","event":"listening","port":8443})",
           R"({"time":"2026-01-31T12:00:00.000Z","severity":"debug","event":"handshake_failed","session":3,"error":"system:104"})",
           "development certificate, SHA-256 e9b2d5ac58395c94f0bf4b05bb01a4fbb4b79290e59939a0f495e69ecb494196",
       }) {
    EXPECT_TRUE(is_log_line(line)) << line;
  }
}

TEST(LogGrammar, RefusesEverythingElse) {
  for (const char* const line : {
           "",
           "hello",
           "2026-01-31T12:00:00.000Z info session_opened address=00112233",
           "2026-01-31T12:00:00.000Z info session_opened session=12 hello",
           "2026-01-31T12:00:00.000Z info message_received",
           "2026-01-31T12:00:00.000Z warning needs_restart option=10.0.0.1",
           "2026-01-31T12:00:00.000Z warning needs_restart option=CANARY",
           "2026-01-31T12:00:00.000Z info session_opened session=127.0.0.1",
           "lethe: parse error near 'CANARY'",
           R"({"time":"2026-01-31T12:00:00.000Z","severity":"info","event":"listening","text":"x"})",
           R"({"time":"2026-01-31T12:00:00.000Z","severity":"info","event":"listening","port":"8443"})",
           "development certificate, SHA-256 e9b2",
       }) {
    EXPECT_FALSE(is_log_line(line)) << line;
  }
  EXPECT_FALSE(is_log_line(std::string(1'000'000, 'a')));
}

TEST(LogGrammar, KnowsTheLinesOfTheMetrics) {
  for (const char* const line : {
           "# HELP lethe_sessions WebSocket sessions open.", "# TYPE lethe_sessions gauge", "lethe_sessions 3",
           R"(lethe_errors_total{code="malformed"} 1)", R"(lethe_ack_latency_seconds_bucket{le="+Inf"} 4)",
           R"(lethe_ack_latency_seconds_bucket{le="1.6e-05"} 4)", R"(lethe_build_info{version="0.1.0",revision="63badf3+changes"} 1)",
       }) {
    EXPECT_TRUE(is_metrics_line(line)) << line;
  }
  for (const char* const line : {"", "sessions 3", R"(lethe_sessions{address="aabb"} 3)", "lethe_sessions hello", "# HELP lethe_x \x01\x02"}) {
    EXPECT_FALSE(is_metrics_line(line)) << line;
  }
}

TEST(LogGrammar, TheFixedPartsOfAPageAreItsNamesAndComments) {
  EXPECT_EQ(fixed_parts("# HELP b x\nb 1\na{le=\"1\"} 2\n"), fixed_parts("# HELP b x\na{le=\"1\"} 7\nb 9\n"));
  EXPECT_NE(fixed_parts("# HELP b x\nb 1\n"), fixed_parts("# HELP b y\nb 1\n"));
  EXPECT_NE(fixed_parts("b 1\n"), fixed_parts("b 1\nc 1\n"));
}

TEST(LogGrammar, StrangeLinesAreNumberedFromOne) {
  const auto short_lines = [](std::string_view line) { return line.size() < 3; };
  EXPECT_EQ(strange_lines("ab\nabcd\nx\nlast one", short_lines), (std::vector<std::size_t>{2, 4}));
  EXPECT_TRUE(strange_lines("", short_lines).empty());
  EXPECT_TRUE(strange_lines("ab\n", short_lines).empty());
}

}  // namespace
}  // namespace lethe::audit
