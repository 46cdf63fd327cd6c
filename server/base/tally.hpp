#pragma once
// The counters of one thread. Written by that thread alone, without read-modify-write; read by any (the metrics page).
// There is no label for a user, device, mailbox or address anywhere.
#include <array>
#include <atomic>
#include <cstdint>

namespace lethe {

// A number with one writer and many readers.
class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept { value_.store(value() + n, std::memory_order_relaxed); }
  void subtract(std::uint64_t n = 1) noexcept { value_.store(value() - n, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Counts in buckets whose upper bounds are 4^n microseconds, n = 0 … 15; the last bucket is unbounded.
class LatencyHistogram {
 public:
  static constexpr std::size_t buckets = 17;
  void observe(std::uint64_t microseconds) noexcept {
    std::size_t bucket = 0;
    for (std::uint64_t bound = 1; bucket + 1 < buckets && microseconds > bound; bound *= 4) ++bucket;
    counts_[bucket].add();
    sum_.add(microseconds);
  }
  std::uint64_t count(std::size_t bucket) const noexcept { return counts_[bucket].value(); }
  std::uint64_t sum_microseconds() const noexcept { return sum_.value(); }
  // Each number in it.
  template <class Visit>
  void for_each(Visit&& visit) {
    for (Counter& count : counts_) visit(count);
    visit(sum_);
  }

 private:
  std::array<Counter, buckets> counts_;
  Counter sum_;
};

struct Tally {
  Counter accepted;          // messages, one a recipient
  Counter delivered;         // first deliveries
  Counter redelivered;
  Counter acknowledged;
  Counter expired;
  Counter displaced;
  Counter recalled;
  Counter evicted;
  Counter duplicates;        // sends recognised as repeated
  std::array<Counter, 8> refused;   // by protocol refusal code; [0] is unused
  std::array<Counter, 8> errors;    // by wire::ErrorCode
  std::array<Counter, 8> closings;  // by wire::CloseReason
  Counter queued_messages;   // gauge: messages and receipts held
  Counter queued_bytes;      // gauge: payload bytes of queued messages, each mailbox counted
  Counter mailboxes;         // gauge
  Counter arena_audited;     // free blocks of the arena examined by its self-audit
  Counter arena_dirty;       // of these, not all zero
  Counter sessions_opened;   // connections that finished the WebSocket upgrade
  Counter sessions_closed;
  Counter handshakes;        // TLS handshakes finished
  Counter handshakes_failed;
  Counter upgrades_refused;
  LatencyHistogram ack_latency;    // from a delivery to its acknowledgement
  LatencyHistogram wipe_latency;   // from an acknowledgement's arrival to the end of the overwriting

  // Everything that counts on where a relay takes over from another, in a fixed order: all but the gauges, which follow what
  // it holds. Another order or number is another hand_over_version.
  template <class Visit>
  void for_each_lasting(Visit&& visit) {
    for (Counter* const one : {&accepted, &delivered, &redelivered, &acknowledged, &expired, &displaced, &recalled, &evicted, &duplicates,
                               &arena_audited, &arena_dirty, &sessions_opened, &sessions_closed, &handshakes, &handshakes_failed,
                               &upgrades_refused}) {
      visit(*one);
    }
    for (auto* const row : {&refused, &errors, &closings}) {
      for (Counter& one : *row) visit(one);
    }
    for (LatencyHistogram* const histogram : {&ack_latency, &wipe_latency}) histogram->for_each(visit);
  }
};

}  // namespace lethe
