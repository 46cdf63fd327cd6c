#pragma once
// The event log on standard output, through spdlog: one line an event, text or JSON.
//
//   2026-01-31T12:00:00.000Z info listening port=8443
//   {"time":"2026-01-31T12:00:00.000Z","severity":"info","event":"listening","port":8443}
//
// The fields, where present, in this order: session, error, bytes, count, port, duration_ms, code, level, option, filter; all
// numbers but for error, which is «category:number» with a category out of ops/event_grammar.hpp, option, a name out of
// ops/options.cpp, and filter, a digest of 64 hexadecimal digits. A development certificate's digest is a line of its own, whatever the format and the level:
//
//   development certificate, SHA-256 0123…
//
// Nothing else is ever printed. Time is UTC. A line is whole when `write` returns.
#include <memory>

#include <spdlog/common.h>

#include "base/event_log.hpp"
#include "ops/config.hpp"

namespace spdlog {
class logger;
}

namespace lethe::ops {

class SpdlogEventLog final : public EventLog {
 public:
  explicit SpdlogEventLog(const LogConfig& config);
  // Writes to `sink` instead of standard output.
  SpdlogEventLog(const LogConfig& config, spdlog::sink_ptr sink);
  ~SpdlogEventLog() override;

  // Any thread. Drops what is below the configured level. Flushes from warning on.
  void write(Severity severity, Event event, const EventFields& fields = {}) override;
  void set_least(Severity severity) override;

 private:
  LogFormat format_;
  std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace lethe::ops
