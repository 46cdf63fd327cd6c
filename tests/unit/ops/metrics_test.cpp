#include "ops/metrics.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace lethe::ops {
namespace {

constexpr MetricNames kNames{
    .refusals = {"", "not_invited", "invite_expired", "mailbox_full", "relay_full", "offline", "rate_limited", "duplicate_recipient"},
    .errors = {"malformed", "unsupported", "unauthenticated", "forbidden", "too_large", "too_many_recipients", "rate_limited", ""},
    .closings = {"draining", "replaced", "idle", "slow", "protocol", "unauthenticated", "rate_limited", ""}};

using Tallies = std::vector<const Tally*>;

std::string page_of(Tallies tallies) {
  return Metrics{std::move(tallies), kNames, [] { return ArenaUse{1'000, 10, true, true, true}; }, [] { return true; }}.text();
}

// Sample → value, after a check of each line against the format.
std::map<std::string, double> samples(const std::string& page) {
  static const std::regex comment{"# (HELP lethe_[a-z_]+ [A-Z1].*\\.|TYPE lethe_[a-z_]+ (counter|gauge|histogram))"};
  static const std::regex sample{"(lethe_[a-z_]+(\\{([a-z_]+=\"[^\"\\\\]*\",?)+\\})?) ([0-9.e+-]+)"};
  std::map<std::string, double> result;
  std::istringstream in{page};
  for (std::string line; std::getline(in, line);) {
    if (std::regex_match(line, comment)) continue;
    std::smatch parts;
    EXPECT_TRUE(std::regex_match(line, parts, sample)) << line;
    if (parts.empty()) continue;
    EXPECT_TRUE(result.emplace(parts[1], std::stod(parts[4])).second) << "twice: " << line;
  }
  return result;
}

TEST(Metrics, SumTheThreads) {
  Tally first, second;
  first.accepted.add(3);
  second.accepted.add(4);
  first.queued_messages.add(1);
  second.queued_messages.add(2);
  second.refused[3].add(5);
  first.errors[0].add(6);
  first.closings[6].add(7);
  const auto page = samples(page_of({&first, &second}));
  EXPECT_EQ(page.at("lethe_messages_accepted_total"), 7);
  EXPECT_EQ(page.at("lethe_queued_messages"), 3);
  EXPECT_EQ(page.at("lethe_messages_refused_total{reason=\"mailbox_full\"}"), 5);
  EXPECT_EQ(page.at("lethe_messages_refused_total{reason=\"offline\"}"), 0);
  EXPECT_EQ(page.at("lethe_errors_total{code=\"malformed\"}"), 6);
  EXPECT_EQ(page.at("lethe_closings_total{reason=\"rate_limited\"}"), 7);
}

TEST(Metrics, ShowEachCounterUnderItsOwnName) {
  const std::pair<const char*, Counter Tally::*> counters[] = {
      {"lethe_messages_accepted_total", &Tally::accepted}, {"lethe_messages_delivered_total", &Tally::delivered},
      {"lethe_messages_redelivered_total", &Tally::redelivered}, {"lethe_messages_acknowledged_total", &Tally::acknowledged},
      {"lethe_messages_expired_total", &Tally::expired}, {"lethe_messages_displaced_total", &Tally::displaced},
      {"lethe_messages_recalled_total", &Tally::recalled}, {"lethe_messages_evicted_total", &Tally::evicted},
      {"lethe_messages_duplicate_total", &Tally::duplicates}, {"lethe_queued_messages", &Tally::queued_messages},
      {"lethe_queued_bytes", &Tally::queued_bytes}, {"lethe_mailboxes", &Tally::mailboxes},
      {"lethe_arena_audited_blocks_total", &Tally::arena_audited}, {"lethe_arena_dirty_blocks_total", &Tally::arena_dirty},
      {"lethe_sessions_opened_total", &Tally::sessions_opened}, {"lethe_sessions_closed_total", &Tally::sessions_closed},
      {"lethe_tls_handshakes_total", &Tally::handshakes}, {"lethe_tls_handshakes_failed_total", &Tally::handshakes_failed},
      {"lethe_upgrades_refused_total", &Tally::upgrades_refused}};
  Tally tally;
  std::uint64_t n = 100;
  for (const auto& [name, counter] : counters) (tally.*counter).add(++n);
  const auto page = samples(page_of({&tally}));
  n = 100;
  for (const auto& [name, counter] : counters) EXPECT_EQ(page.at(name), static_cast<double>(++n)) << name;
}

TEST(Metrics, CountOpenSessions) {
  Tally first, second;
  first.sessions_opened.add(5);
  first.sessions_closed.add(2);
  second.sessions_opened.add(1);
  EXPECT_EQ(samples(page_of({&first, &second})).at("lethe_sessions"), 4);
}

TEST(Metrics, KeepAGaugeThatOneThreadRaisesAndAnotherLowers) {
  Tally first, second;
  first.queued_bytes.add(100);
  second.queued_bytes.subtract(100);
  EXPECT_EQ(samples(page_of({&first, &second})).at("lethe_queued_bytes"), 0);
}

TEST(Metrics, KeepEveryDigitOfALargeNumber) {
  Tally tally;
  tally.queued_bytes.add(1'099'511'627'775);
  EXPECT_EQ(samples(page_of({&tally})).at("lethe_queued_bytes"), 1'099'511'627'775.0);
}

TEST(Metrics, ShowTheArena) {
  const auto page = samples(page_of({}));
  EXPECT_EQ(page.at("lethe_arena_bytes"), 1'000);
  EXPECT_EQ(page.at("lethe_arena_used_bytes"), 10);
  EXPECT_EQ(page.at("lethe_arena_locked"), 1);
  EXPECT_EQ(page.at("lethe_arena_secret"), 1);
  EXPECT_EQ(page.at("lethe_memory_locked"), 1);
}

TEST(Metrics, SayWhetherAProtectionIsMissing) {
  EXPECT_EQ(samples(page_of({})).at("lethe_lockdown_degraded"), 1);
  const Metrics whole{{}, kNames, [] { return ArenaUse{}; }, [] { return false; }};
  EXPECT_EQ(samples(whole.text()).at("lethe_lockdown_degraded"), 0);
}

TEST(Metrics, ShowLatenciesInSeconds) {
  Tally first, second;
  first.ack_latency.observe(1);            // the first bucket: up to 1 µs
  second.ack_latency.observe(5);           // up to 16 µs
  second.ack_latency.observe(10'000'000'000);   // beyond every bound
  first.wipe_latency.observe(4);
  const auto page = page_of({&first, &second});
  const auto values = samples(std::regex_replace(page, std::regex{"\\+Inf"}, "Inf"));
  EXPECT_EQ(values.at("lethe_ack_latency_seconds_count"), 3);
  EXPECT_DOUBLE_EQ(values.at("lethe_ack_latency_seconds_sum"), 10'000.000006);
  EXPECT_EQ(values.at("lethe_ack_latency_seconds_bucket{le=\"1e-06\"}"), 1);
  EXPECT_EQ(values.at("lethe_ack_latency_seconds_bucket{le=\"4e-06\"}"), 1);
  EXPECT_EQ(values.at("lethe_ack_latency_seconds_bucket{le=\"1.6e-05\"}"), 2);
  EXPECT_EQ(values.at("lethe_ack_latency_seconds_bucket{le=\"1073.741824\"}"), 2);
  EXPECT_EQ(values.at("lethe_ack_latency_seconds_bucket{le=\"Inf\"}"), 3);
  EXPECT_EQ(values.at("lethe_wipe_latency_seconds_bucket{le=\"4e-06\"}"), 1);
  EXPECT_EQ(values.at("lethe_wipe_latency_seconds_count"), 1);
}

TEST(Metrics, HaveNoLabelsButThoseOfAClosedList) {
  const auto page = page_of({});
  std::set<std::string> labels;
  static const std::regex label{"[{,]([a-z_]+)=\""};
  for (std::sregex_iterator it{page.begin(), page.end(), label}, end; it != end; ++it) labels.insert((*it)[1]);
  EXPECT_EQ(labels, (std::set<std::string>{"code", "le", "reason", "revision", "version"}));
}

TEST(Metrics, LeaveOutNumbersWithoutAName) {
  const auto page = samples(page_of({}));
  const auto labelled = [&](const std::string& prefix) {
    return std::ranges::count_if(page, [&](const auto& entry) { return entry.first.starts_with(prefix); });
  };
  EXPECT_EQ(labelled("lethe_messages_refused_total{"), 7);
  EXPECT_EQ(labelled("lethe_errors_total{"), 7);
  EXPECT_EQ(labelled("lethe_closings_total{"), 7);
}

}  // namespace
}  // namespace lethe::ops
