#include "ops/pipe_event_log.hpp"

#include <unistd.h>

#include <cerrno>

namespace lethe::ops {

// Whole or not at all: pipe(7).
bool PipeEventLog::put(const LoggedEvent& event) noexcept {
  const EventRecord record = encode(event);
  ssize_t written = -1;
  do {
    written = ::write(pipe_, record.data(), record.size());
  } while (written < 0 && errno == EINTR);
  return written == static_cast<ssize_t>(record.size());
}

void PipeEventLog::write(Severity severity, Event event, const EventFields& fields) {
  if (severity < level_.load(std::memory_order_relaxed)) return;
  if (lost_.load(std::memory_order_relaxed) > 0) {
    EventFields loss;
    loss.count = lost_.exchange(0, std::memory_order_relaxed);
    if (*loss.count > 0 && !put({Severity::warning, Event::records_lost, loss})) lost_.fetch_add(*loss.count, std::memory_order_relaxed);
  }
  if (!put({severity, event, fields})) lost_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace lethe::ops
