#include "ops/metrics.hpp"

#include <chrono>
#include <limits>
#include <utility>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "ops/version.hpp"

namespace lethe::ops {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Tallies = std::vector<const Tally*>;

struct Column {
  const char* name;
  const char* help;
  MetricType type;
  Counter Tally::*counter;
};

constexpr Column kColumns[] = {
    {"lethe_messages_accepted_total", "Messages accepted, one a recipient.", MetricType::Counter, &Tally::accepted},
    {"lethe_messages_delivered_total", "First deliveries of messages.", MetricType::Counter, &Tally::delivered},
    {"lethe_messages_redelivered_total", "Further deliveries of messages.", MetricType::Counter, &Tally::redelivered},
    {"lethe_messages_acknowledged_total", "Messages acknowledged and overwritten.", MetricType::Counter, &Tally::acknowledged},
    {"lethe_messages_expired_total", "Messages that expired unacknowledged.", MetricType::Counter, &Tally::expired},
    {"lethe_messages_displaced_total", "Messages replaced by a later one of their topic.", MetricType::Counter, &Tally::displaced},
    {"lethe_messages_recalled_total", "Messages recalled by their senders.", MetricType::Counter, &Tally::recalled},
    {"lethe_messages_evicted_total", "Messages removed by an operator's purge.", MetricType::Counter, &Tally::evicted},
    {"lethe_messages_duplicate_total", "Sends recognised as repeated.", MetricType::Counter, &Tally::duplicates},
    {"lethe_queued_messages", "Messages and receipts held.", MetricType::Gauge, &Tally::queued_messages},
    {"lethe_queued_bytes", "Payload bytes of queued messages, each mailbox counted.", MetricType::Gauge, &Tally::queued_bytes},
    {"lethe_mailboxes", "Mailboxes known.", MetricType::Gauge, &Tally::mailboxes},
    {"lethe_arena_audited_blocks_total", "Free blocks of the payload memory examined.", MetricType::Counter, &Tally::arena_audited},
    {"lethe_arena_dirty_blocks_total", "Free blocks found that were not all zero.", MetricType::Counter, &Tally::arena_dirty},
    {"lethe_sessions_opened_total", "WebSocket sessions opened.", MetricType::Counter, &Tally::sessions_opened},
    {"lethe_sessions_closed_total", "WebSocket sessions closed.", MetricType::Counter, &Tally::sessions_closed},
    {"lethe_tls_handshakes_total", "TLS handshakes finished.", MetricType::Counter, &Tally::handshakes},
    {"lethe_tls_handshakes_failed_total", "TLS handshakes failed.", MetricType::Counter, &Tally::handshakes_failed},
    {"lethe_upgrades_refused_total", "WebSocket upgrades refused.", MetricType::Counter, &Tally::upgrades_refused},
};

// A counter that one thread raises and another lowers wraps; the sum over all threads does not.
std::uint64_t sum(const Tallies& tallies, Counter Tally::*counter) {
  std::uint64_t total = 0;
  for (const Tally* tally : tallies) total += (tally->*counter).value();
  return total;
}

ClientMetric sample(MetricType type, double value) {
  ClientMetric metric;
  if (type == MetricType::Gauge) metric.gauge.value = value;
  else metric.counter.value = value;
  return metric;
}

MetricFamily family(std::string name, std::string help, MetricType type, std::vector<ClientMetric> metrics) {
  return {std::move(name), std::move(help), type, std::move(metrics)};
}

MetricFamily gauge(std::string name, std::string help, double value) {
  return family(std::move(name), std::move(help), MetricType::Gauge, {sample(MetricType::Gauge, value)});
}

using Names = std::array<std::string_view, 8>;
using Row = std::array<Counter, 8>;

std::vector<ClientMetric> by_name(const Tallies& tallies, Row Tally::*row, const std::string& label, const Names& names) {
  std::vector<ClientMetric> metrics;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    std::uint64_t total = 0;
    for (const Tally* tally : tallies) total += (tally->*row)[i].value();
    auto metric = sample(MetricType::Counter, static_cast<double>(total));
    metric.label.push_back({label, std::string{names[i]}});
    metrics.push_back(std::move(metric));
  }
  return metrics;
}

MetricFamily histogram(std::string name, std::string help, const Tallies& tallies, LatencyHistogram Tally::*which) {
  ClientMetric metric;
  double bound = 1e-6;
  std::uint64_t microseconds = 0;
  for (std::size_t bucket = 0; bucket < LatencyHistogram::buckets; ++bucket, bound *= 4) {
    for (const Tally* tally : tallies) metric.histogram.sample_count += (tally->*which).count(bucket);
    const bool last = bucket + 1 == LatencyHistogram::buckets;
    metric.histogram.bucket.push_back({metric.histogram.sample_count, last ? std::numeric_limits<double>::infinity() : bound});
  }
  for (const Tally* tally : tallies) microseconds += (tally->*which).sum_microseconds();
  metric.histogram.sample_sum = static_cast<double>(microseconds) / 1e6;
  return family(std::move(name), std::move(help), MetricType::Histogram, {metric});
}

// Closed is read first: a session that comes and goes meanwhile can't make the difference negative.
MetricFamily sessions(const Tallies& tallies) {
  const auto closed = sum(tallies, &Tally::sessions_closed);
  const auto opened = sum(tallies, &Tally::sessions_opened);
  return gauge("lethe_sessions", "WebSocket sessions open.", static_cast<double>(opened - closed));
}

// To the millisecond: more digits would be printed as rounding has it.
double unix_time() {
  using namespace std::chrono;
  return static_cast<double>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()) / 1e3;
}

MetricFamily build() {
  auto metric = sample(MetricType::Gauge, 1);
  metric.label = {{"version", std::string{version()}}, {"revision", std::string{revision()}}};
  return family("lethe_build_info", "What is running.", MetricType::Gauge, {metric});
}

}  // namespace

Metrics::Metrics(std::vector<const Tally*> tallies, const MetricNames& names, std::function<ArenaUse()> arena,
                 std::function<bool()> degraded)
    : tallies_{std::move(tallies)}, names_{names}, arena_{std::move(arena)}, degraded_{std::move(degraded)}, started_{unix_time()} {}

std::string Metrics::text() const { return prometheus::TextSerializer{}.Serialize(Collect()); }

std::vector<MetricFamily> Metrics::Collect() const {
  std::vector<MetricFamily> page{build(), gauge("lethe_start_time_seconds", "When the relay started, Unix time.", started_),
                                 sessions(tallies_)};
  for (const Column& column : kColumns) {
    const auto total = static_cast<double>(sum(tallies_, column.counter));
    page.push_back(family(column.name, column.help, column.type, {sample(column.type, total)}));
  }
  page.push_back(family("lethe_messages_refused_total", "Messages refused, one a recipient.", MetricType::Counter,
                        by_name(tallies_, &Tally::refused, "reason", names_.refusals)));
  page.push_back(family("lethe_errors_total", "Errors sent to clients.", MetricType::Counter,
                        by_name(tallies_, &Tally::errors, "code", names_.errors)));
  page.push_back(family("lethe_closings_total", "Sessions that the relay ended.", MetricType::Counter,
                        by_name(tallies_, &Tally::closings, "reason", names_.closings)));
  const ArenaUse arena = arena_();
  page.push_back(gauge("lethe_arena_bytes", "Size of the payload memory.", static_cast<double>(arena.size)));
  page.push_back(gauge("lethe_arena_used_bytes", "Payload memory in use, with headers and rounding.",
                       static_cast<double>(arena.used)));
  page.push_back(gauge("lethe_arena_locked", "1 where all of the payload memory is locked against swapping.",
                       arena.locked ? 1 : 0));
  page.push_back(gauge("lethe_lockdown_degraded", "1 where a protection of the strict lock-down is missing.", degraded_() ? 1 : 0));
  page.push_back(gauge("lethe_arena_secret", "1 where no other process can read the payload memory.", arena.secret ? 1 : 0));
  page.push_back(gauge("lethe_memory_locked", "1 where all memory of the process is locked against swapping.",
                       arena.all_locked ? 1 : 0));
  page.push_back(histogram("lethe_ack_latency_seconds", "From a delivery to its acknowledgement.", tallies_,
                           &Tally::ack_latency));
  page.push_back(histogram("lethe_wipe_latency_seconds", "From an acknowledgement's arrival to the end of the overwriting.",
                           tallies_, &Tally::wipe_latency));
  return page;
}

}  // namespace lethe::ops
