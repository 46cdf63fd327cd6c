#pragma once
// The broker's end of the log: reads the records of a relay that isn't trusted, and prints what is of the grammar.
#include <cstdint>

#include "ops/event_log.hpp"
#include "ops/event_record.hpp"
#include "ops/output_queue.hpp"

namespace lethe::ops {

class LogPrinter {
 public:
  // `pipe`: the reading end, non-blocking. Both descriptors stay the caller's and outlive this.
  LogPrinter(const LogConfig& config, int pipe, int output);

  // For events of the broker's own.
  EventLog& log() noexcept { return log_; }
  OutputQueue& output() noexcept { return output_; }
  // Reads and prints what is there, as far as the output takes it. False once the pipe has ended.
  bool read();

 private:
  void print(const EventRecord& record);
  void report_malformed();

  int pipe_;
  OutputQueue output_;
  SpdlogEventLog log_;
  EventRecord record_{};
  std::size_t filled_ = 0;          // bytes of the record that have come
  std::uint64_t malformed_ = 0;     // since it was last said
  std::uint64_t digests_ = 0;       // events whose digest has been printed, as bits: each says it once
};

}  // namespace lethe::ops
