#include "ops/event_log.hpp"

#include <iterator>

#include <spdlog/fmt/fmt.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "ops/event_grammar.hpp"
#include "ops/options.hpp"

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
  void error(const std::optional<error_code>& value) {
    if (!value) return;
    const std::string_view category = name(category_of(*value));
    if (json_) fmt::format_to(out(), R"(,"error":"{}:{}")", category, value->value());
    else fmt::format_to(out(), " error={}:{}", category, value->value());
  }
  void option(std::uint32_t row) {
    const std::string_view name = row < options().size() ? options()[row].name : std::string_view{};
    if (json_) fmt::format_to(out(), R"(,"option":"{}")", name);
    else fmt::format_to(out(), " option={}", name);
  }
  void digest(std::string_view field, const Digest& value) {
    if (json_) fmt::format_to(out(), R"(,"{}":")", field);
    else fmt::format_to(out(), " {}=", field);
    hexadecimal(value);
    if (json_) buffer_.push_back('"');
  }
  void fingerprint(const Digest& value) {
    fmt::format_to(out(), "development certificate, SHA-256 ");
    hexadecimal(value);
  }
  std::string_view text() const noexcept { return {buffer_.data(), buffer_.size()}; }

 private:
  std::back_insert_iterator<fmt::memory_buffer> out() { return std::back_inserter(buffer_); }
  void hexadecimal(const Digest& value) {
    for (const std::uint8_t byte : value.bytes) fmt::format_to(out(), "{:02x}", byte);
  }

  bool json_;
  fmt::memory_buffer buffer_;
};

// spdlog's level «critical», which no event has, marks a line without time and severity. It passes every level.
constexpr auto bare = spdlog::level::critical;

class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(std::string pattern) : pattern_{std::move(pattern)}, stamped_{pattern_, spdlog::pattern_time_type::utc} {}
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
    if (message.level != bare) return stamped_.format(message, line);
    line.append(message.payload.begin(), message.payload.end());
    line.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<LineFormatter>(pattern_); }

 private:
  std::string pattern_;
  spdlog::pattern_formatter stamped_;
};

spdlog::string_view_t view(const Line& line) { return {line.text().data(), line.text().size()}; }

}  // namespace

SpdlogEventLog::SpdlogEventLog(const LogConfig& config)
    : SpdlogEventLog{config, std::make_shared<spdlog::sinks::stdout_sink_mt>()} {}

SpdlogEventLog::SpdlogEventLog(const LogConfig& config, spdlog::sink_ptr sink)
    : format_{config.format}, logger_{std::make_unique<spdlog::logger>("lethe", std::move(sink))} {
  constexpr auto text = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
  constexpr auto json = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","severity":"%l",%v})";
  logger_->set_formatter(std::make_unique<LineFormatter>(format_ == LogFormat::json ? json : text));
  logger_->set_level(level_of(config.level));
  logger_->flush_on(spdlog::level::warn);
}

SpdlogEventLog::~SpdlogEventLog() = default;

void SpdlogEventLog::set_least(Severity severity) { logger_->set_level(level_of(severity)); }

void SpdlogEventLog::write(Severity severity, Event event, const EventFields& fields) {
  const auto level = level_of(severity);
  const bool certificate = event == Event::development_certificate && fields.digest;
  if (logger_->should_log(level)) {
    Line line{format_};
    line.event(name(event));
    line.number("session", fields.session);
    line.error(fields.error);
    line.number("bytes", fields.bytes);
    line.number("count", fields.count);
    line.number("port", fields.port);
    line.duration(fields.duration);
    line.number("code", fields.code);
    line.number("level", fields.level);
    if (fields.option) line.option(*fields.option);
    if (fields.digest && !certificate) line.digest("filter", *fields.digest);
    logger_->log(level, view(line));
  }
  if (!certificate) return;
  Line line{LogFormat::text};
  line.fingerprint(*fields.digest);
  logger_->log(bare, view(line));
}

}  // namespace lethe::ops
