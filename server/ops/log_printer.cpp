#include "ops/log_printer.hpp"

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

namespace lethe::ops {
namespace {

class QueueSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit QueueSink(OutputQueue& queue) : queue_{queue} {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    queue_.add({line.data(), line.size()});
  }
  void flush_() override {}

  OutputQueue& queue_;
};

constexpr int records_at_once = 1'024;   // so that a flood doesn't keep the broker from its other duties

// The broker's alone to say.
bool of_the_broker(Event event) noexcept {
  switch (event) {
    case Event::malformed_record: case Event::relay_killed: case Event::nothing_to_reload: case Event::settings_rejected: case Event::needs_restart: return true;
    default: return false;
  }
}

}  // namespace

LogPrinter::LogPrinter(const LogConfig& config, int pipe, int output)
    : pipe_{pipe}, output_{output}, log_{config, std::make_shared<QueueSink>(output_)} {}

void LogPrinter::print(const EventRecord& record) {
  const auto logged = decode(record);
  const std::uint64_t bit = logged ? std::uint64_t{1} << static_cast<unsigned>(logged->event) : 0;
  const bool repeated = logged && logged->fields.digest && (digests_ & bit) != 0;
  if (!logged || repeated || of_the_broker(logged->event)) {
    ++malformed_;
    return;
  }
  if (logged->fields.digest) digests_ |= bit;
  log_.write(logged->severity, logged->event, logged->fields);
}

void LogPrinter::report_malformed() {
  if (malformed_ == 0) return;
  EventFields fields;
  fields.count = std::exchange(malformed_, 0);
  log_.write(Severity::error, Event::malformed_record, fields);
}

bool LogPrinter::read() {
  for (int turn = 0; turn < records_at_once && !output_.full(); ++turn) {
    const ssize_t got = ::read(pipe_, record_.data() + filled_, record_.size() - filled_);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      if (got == 0 && filled_ > 0) ++malformed_;
      if (got == 0) filled_ = 0;
      report_malformed();
      return got != 0;
    }
    filled_ += static_cast<std::size_t>(got);
    if (filled_ < record_.size()) continue;
    filled_ = 0;
    print(record_);
  }
  report_malformed();
  return true;
}

}  // namespace lethe::ops
