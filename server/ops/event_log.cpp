#include "ops/event_log.hpp"

#include <iterator>

#include <spdlog/fmt/fmt.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace lethe::ops {
namespace {

spdlog::level::level_enum level_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::debug: return spdlog::level::debug;
    case Severity::info: return spdlog::level::info;
    case Severity::warning: return spdlog::level::warn;
    case Severity::error: break;
  }
  return spdlog::level::err;
}

// One line under way. Only names of this program and numbers go in.
class Line {
 public:
  explicit Line(LogFormat format) noexcept : json_{format == LogFormat::json} {}

  void event(std::string_view name) {
    if (json_) fmt::format_to(out(), R"("event":"{}")", name);
    else fmt::format_to(out(), "{}", name);
  }
  template <class T>
  void number(std::string_view field, const std::optional<T>& value) {
    if (!value) return;
    const auto number = static_cast<std::uint64_t>(*value);
    if (json_) fmt::format_to(out(), R"(,"{}":{})", field, number);
    else fmt::format_to(out(), " {}={}", field, number);
  }
  void duration(const std::optional<milliseconds>& value) {
    if (value) number("duration_ms", std::optional{value->count() < 0 ? 0 : value->count()});
  }
  // A category is a name out of a library: what isn't a name's character becomes «_».
  void error(const std::optional<error_code>& value) {
    if (!value) return;
    std::string category = value->category().name();
    for (char& c : category) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
      if (!plain) c = '_';
    }
    if (json_) fmt::format_to(out(), R"(,"error":"{}:{}")", category, value->value());
    else fmt::format_to(out(), " error={}:{}", category, value->value());
  }
  std::string_view text() const noexcept { return {buffer_.data(), buffer_.size()}; }

 private:
  std::back_insert_iterator<fmt::memory_buffer> out() { return std::back_inserter(buffer_); }

  bool json_;
  fmt::memory_buffer buffer_;
};

}  // namespace

SpdlogEventLog::SpdlogEventLog(const LogConfig& config)
    : SpdlogEventLog{config, std::make_shared<spdlog::sinks::stdout_sink_mt>()} {}

SpdlogEventLog::SpdlogEventLog(const LogConfig& config, spdlog::sink_ptr sink)
    : format_{config.format}, logger_{std::make_unique<spdlog::logger>("lethe", std::move(sink))} {
  constexpr auto text = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
  constexpr auto json = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","severity":"%l",%v})";
  logger_->set_pattern(format_ == LogFormat::json ? json : text, spdlog::pattern_time_type::utc);
  logger_->set_level(level_of(config.level));
  logger_->flush_on(spdlog::level::warn);
}

SpdlogEventLog::~SpdlogEventLog() = default;

void SpdlogEventLog::write(Severity severity, Event event, const EventFields& fields) {
  const auto level = level_of(severity);
  if (!logger_->should_log(level)) return;
  Line line{format_};
  line.event(name(event));
  line.number("session", fields.session);
  line.error(fields.error);
  line.number("bytes", fields.bytes);
  line.number("count", fields.count);
  line.number("port", fields.port);
  line.duration(fields.duration);
  line.number("code", fields.code);
  logger_->log(level, spdlog::string_view_t{line.text().data(), line.text().size()});
}

std::string_view name(Event event) noexcept {
  switch (event) {
    case Event::started: return "started";
    case Event::listening: return "listening";
    case Event::admin_listening: return "admin_listening";
    case Event::plaintext: return "plaintext";
    case Event::unlocked_memory: return "unlocked_memory";
    case Event::partly_locked_memory: return "partly_locked_memory";
    case Event::development_certificate: return "development_certificate";
    case Event::certificate_reloaded: return "certificate_reloaded";
    case Event::certificate_rejected: return "certificate_rejected";
    case Event::accept_failed: return "accept_failed";
    case Event::accept_resumed: return "accept_resumed";
    case Event::session_opened: return "session_opened";
    case Event::session_authenticated: return "session_authenticated";
    case Event::session_closed: return "session_closed";
    case Event::handshake_failed: return "handshake_failed";
    case Event::upgrade_refused: return "upgrade_refused";
    case Event::session_failed: return "session_failed";
    case Event::draining: return "draining";
    case Event::drained: return "drained";
    case Event::arena_audited: return "arena_audited";
    case Event::stopped: return "stopped";
  }
  return "unknown";
}

}  // namespace lethe::ops
