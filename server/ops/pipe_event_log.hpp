#pragma once
// The relay's log while a broker prints it: each event is one record into a pipe, and the process needs no other output.
//
// A write never waits: where the pipe is full, the record is lost and counted, and `records_lost` with the count goes first
// as soon as there is room.
#include <atomic>
#include <cstdint>

#include "base/event_log.hpp"
#include "ops/event_record.hpp"

namespace lethe::ops {

class PipeEventLog final : public EventLog {
 public:
  // `pipe`: the writing end, non-blocking; it stays the caller's and outlives this. What is below `level` is dropped.
  PipeEventLog(int pipe, Severity level) noexcept : pipe_{pipe}, level_{level} {}

  // Any thread.
  void write(Severity severity, Event event, const EventFields& fields = {}) override;
  void set_least(Severity severity) override { level_.store(severity, std::memory_order_relaxed); }

 private:
  bool put(const LoggedEvent& event) noexcept;

  int pipe_;
  std::atomic<Severity> level_;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace lethe::ops
