#include "ops/event_log.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/ostream_sink.h>

#include "ops/event_grammar.hpp"
#include "unit/ops/fields.hpp"

namespace lethe::ops {
namespace {

constexpr auto kLast = static_cast<int>(last_event);
constexpr unsigned kFields = 1'024;   // combinations

const std::regex kText{
    "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (debug|info|warning|error) [a-z_]+"
    "( session=\\d+)?( error=[A-Za-z0-9._-]+:-?\\d+)?( bytes=\\d+)?( count=\\d+)?( port=\\d+)?( duration_ms=\\d+)?( code=\\d+)?"
    "( level=\\d+)?( option=[a-z_.]*)?( filter=[0-9a-f]{64})?|development certificate, SHA-256 [0-9a-f]{64}"};
const std::regex kJson{
    "\\{\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\","
    "\"severity\":\"(debug|info|warning|error)\",\"event\":\"[a-z_]+\""
    "(,\"session\":\\d+)?(,\"error\":\"[A-Za-z0-9._-]+:-?\\d+\")?(,\"bytes\":\\d+)?(,\"count\":\\d+)?(,\"port\":\\d+)?"
    "(,\"duration_ms\":\\d+)?(,\"code\":\\d+)?(,\"level\":\\d+)?(,\"option\":\"[a-z_.]*\")?(,\"filter\":\"[0-9a-f]{64}\")?\\}"};

class HostileCategory : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "a b\"\n\\{é"; }
  std::string message(int) const override { return "must not be logged"; }
};

// Every combination of present and absent fields.
EventFields fields_of(unsigned present, const error_code& error) {
  EventFields fields;
  if (present & 1) fields.session = SessionNumber{42};
  if (present & 2) fields.error = error;
  if (present & 4) fields.bytes = 18'446'744'073'709'551'615U;
  if (present & 8) fields.count = 0;
  if (present & 16) fields.port = 65'535;
  if (present & 32) fields.duration = milliseconds{-5};
  if (present & 64) fields.code = 4'002;
  if (present & 128) fields.level = 2;
  if (present & 512) fields.option = 0;
  if (present & 256) fields.digest = Digest{{0x01, 0xab}};
  return fields;
}

class Log {
 public:
  explicit Log(LogFormat format, Severity level = Severity::debug)
      : log_{LogConfig{level, format}, std::make_shared<spdlog::sinks::ostream_sink_mt>(out_)} {}
  SpdlogEventLog* operator->() { return &log_; }
  std::string text() const { return out_.str(); }
  std::vector<std::string> lines() const {
    std::vector<std::string> result;
    std::istringstream in{out_.str()};
    for (std::string line; std::getline(in, line);) result.push_back(line);
    return result;
  }

 private:
  std::ostringstream out_;
  SpdlogEventLog log_;
};

void write_everything(Log& log) {
  const HostileCategory hostile;
  for (int event = 0; event <= kLast; ++event) {
    for (unsigned present = 0; present < kFields; ++present) {
      const auto severity = static_cast<Severity>(present % 4);
      log->write(severity, static_cast<Event>(event), fields_of(present, error_code{-7, hostile}));
    }
  }
}

TEST(EventLog, WritesLinesOfTheTextGrammar) {
  Log log{LogFormat::text};
  write_everything(log);
  const auto lines = log.lines();
  ASSERT_EQ(lines.size(), (kLast + 1) * kFields + kFields / 2);   // a certificate's digest is a line of its own
  for (const auto& line : lines) ASSERT_TRUE(std::regex_match(line, kText)) << line;
}

TEST(EventLog, WritesLinesOfTheJsonGrammar) {
  Log log{LogFormat::json};
  write_everything(log);
  const auto lines = log.lines();
  for (const auto& line : lines) {
    if (line.starts_with("development certificate, ")) continue;
    ASSERT_TRUE(std::regex_match(line, kJson)) << line;
    ASSERT_TRUE(nlohmann::json::accept(line)) << line;
  }
}

TEST(EventLog, PrintsAnOptionByItsNameAndNothingForWhatIsNone) {
  Log text{LogFormat::text};
  Log json{LogFormat::json};
  EventFields fields;
  for (const std::uint32_t row : {0U, 4'000'000'000U}) {
    fields.option = row;
    text->write(Severity::warning, Event::needs_restart, fields);
    json->write(Severity::warning, Event::needs_restart, fields);
  }
  EXPECT_EQ(text.lines()[0].substr(24), " warning needs_restart option=listen");
  EXPECT_EQ(text.lines()[1].substr(24), " warning needs_restart option=");
  EXPECT_EQ(nlohmann::json::parse(json.lines()[0])["option"], "listen");
}

TEST(EventLog, DropsWhatIsBelowTheLevelThatItIsGiven) {
  Log log{LogFormat::text, Severity::error};
  log->write(Severity::info, Event::stopped);
  log->set_least(Severity::info);
  log->write(Severity::debug, Event::stopped);
  log->write(Severity::info, Event::stopped);
  EXPECT_EQ(log.lines().size(), 1U);
}

TEST(EventLog, PrintsTheFieldsInTheirOrder) {
  const auto error = boost::system::errc::make_error_code(boost::system::errc::broken_pipe);
  auto fields = fields_of(127, error);   // no digest: that is the lock-down's
  fields.duration = milliseconds{1'500};
  Log text{LogFormat::text};
  text->write(Severity::warning, Event::session_closed, fields);
  EXPECT_EQ(text.text().substr(24),
            " warning session_closed session=42 error=generic:32 bytes=18446744073709551615 count=0 port=65535 "
            "duration_ms=1500 code=4002\n");
  Log json{LogFormat::json};
  json->write(Severity::error, Event::session_closed, fields);
  EXPECT_EQ(json.text().substr(34),
            R"(,"severity":"error","event":"session_closed","session":42,"error":"generic:32","bytes":18446744073709551615,)"
            R"("count":0,"port":65535,"duration_ms":1500,"code":4002})" "\n");
}

TEST(EventLog, PrintsTheLockDownsLine) {
  EventFields fields;
  fields.level = 2;
  fields.digest = Digest{{0x01, 0xab}};
  const std::string digest = "01ab" + std::string(60, '0');
  Log text{LogFormat::text};
  text->write(Severity::info, Event::lockdown, fields);
  EXPECT_EQ(text.text().substr(24), " info lockdown level=2 filter=" + digest + "\n");
  Log json{LogFormat::json};
  json->write(Severity::info, Event::lockdown, fields);
  EXPECT_EQ(json.text().substr(34), R"(,"severity":"info","event":"lockdown","level":2,"filter":")" + digest + "\"}\n");
}

TEST(EventLog, PrintsTheDevelopmentCertificateAsALineWhateverTheLevelAndTheFormat) {
  EventFields fields;
  fields.digest = Digest{{0xff}};
  const std::string line = "development certificate, SHA-256 ff" + std::string(62, '0') + "\n";
  for (const auto format : {LogFormat::text, LogFormat::json}) {
    Log quiet{format, Severity::error};
    quiet->write(Severity::warning, Event::development_certificate, fields);
    EXPECT_EQ(quiet.text(), line);
    Log log{format};
    log->write(Severity::warning, Event::development_certificate, fields);
    EXPECT_EQ(log.lines().size(), 2U);
    EXPECT_TRUE(log.text().ends_with("\n" + line)) << log.text();
  }
}

TEST(EventLog, HasNoNameForAForeignErrorCategory) {
  const HostileCategory hostile;
  Log log{LogFormat::text};
  log->write(Severity::error, Event::accept_failed, test::failed(error_code{-7, hostile}));
  EXPECT_EQ(log.text().substr(24), " error accept_failed error=other:-7\n");
}

TEST(EventLog, NamesEveryEventDifferently) {
  std::set<std::string_view> names;
  for (int event = 0; event <= kLast; ++event) names.insert(name(static_cast<Event>(event)));
  EXPECT_EQ(names.size(), kLast + 1U);
  EXPECT_FALSE(names.contains(""));
}

TEST(EventLog, DropsWhatIsBelowItsLevel) {
  constexpr Severity severities[] = {Severity::debug, Severity::info, Severity::warning, Severity::error};
  for (const auto level : severities) {
    Log log{LogFormat::text, level};
    for (const auto severity : severities) log->write(severity, Event::started);
    EXPECT_EQ(log.lines().size(), 4U - static_cast<unsigned>(level));
  }
}

TEST(EventLog, WritesWholeLinesFromSeveralThreads) {
  Log log{LogFormat::json};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (unsigned n = 0; n < 250; ++n) log->write(Severity::info, Event::session_opened, fields_of(n % kFields, {}));
      });
    }
  }
  const auto lines = log.lines();
  EXPECT_EQ(lines.size(), 1'000U);
  EXPECT_TRUE(std::ranges::all_of(lines, [](const auto& line) { return std::regex_match(line, kJson); }));
}

}  // namespace
}  // namespace lethe::ops
