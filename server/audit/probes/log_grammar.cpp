#include "audit/probes/log_grammar.hpp"

#include <algorithm>
#include <regex>

namespace lethe::audit {
namespace {

// Long lines would be expensive to match, and none is long.
constexpr std::size_t longest_line = 400;

constexpr char events[] =
    "(?:started|listening|admin_listening|plaintext|unlocked_memory|partly_locked_memory|development_certificate|lockdown|degraded|unfit_host|"
    "certificate_reloaded|certificate_rejected|settings_reloaded|settings_rejected|needs_restart|nothing_to_reload|accept_failed|accept_resumed|session_opened|session_authenticated|"
    "session_closed|handshake_failed|upgrade_refused|session_failed|draining|drained|arena_audited|stopped|records_lost|malformed_record|"
    "relay_killed|hand_over_refused|handing_over|handed_over|hand_over_failed|taken_over)";
constexpr char severities[] = "(?:debug|info|warning|error)";
constexpr char time_of_day[] = R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)";
constexpr char numbers[] = "(?:session|bytes|count|port|duration_ms|code|level)";
// Of an option of the configuration: words of a few letters, no digit.
constexpr char option[] = R"([a-z_]{2,24}(?:\.[a-z_]{2,24}){0,2})";
constexpr char error[] = R"([A-Za-z0-9._-]{1,40}:-?\d{1,10})";

bool matches(std::string_view line, const std::regex& pattern) {
  return line.size() <= longest_line && std::regex_match(line.begin(), line.end(), pattern);
}

const std::regex& text_line() {
  static const std::regex pattern{std::string{time_of_day} + " " + severities + " " + events + "(?: " + numbers + R"(=\d{1,20}| error=)" + error +
                                  "| option=" + option + "| filter=[0-9a-f]{64})*"};
  return pattern;
}

const std::regex& json_line() {
  static const std::regex pattern{std::string{R"(\{"time":")"} + time_of_day + R"(","severity":")" + severities + R"(","event":")" + events +
                                  R"((?:",|")(?:,?")" + numbers + R"(":\d{1,20}|,?"error":")" + error + R"("|,?"option":")" + option + R"("|,?"filter":"[0-9a-f]{64}")*\})"};
  return pattern;
}

}  // namespace

bool is_log_line(std::string_view line) {
  static const std::regex fingerprint{"development certificate, SHA-256 [0-9a-f]{64}"};
  return matches(line, text_line()) || matches(line, json_line()) || matches(line, fingerprint);
}

bool is_metrics_line(std::string_view line) {
  static const std::regex help{R"(# HELP lethe_[a-z0-9_]+ [A-Za-z0-9 ,.:;'()/-]{1,200})"};
  static const std::regex type{"# TYPE lethe_[a-z0-9_]+ (?:counter|gauge|histogram)"};
  static const std::regex sample{
      R"(lethe_[a-z0-9_]+(?:\{(?:(?:reason|code)="[a-z_]{1,40}"|le="[0-9.e+-]{1,24}"|le="\+Inf"|version="[0-9.]{1,20}"|revision="[0-9a-z+.-]{1,40}"|,)+\})? [0-9.e+-]{1,30})"};
  return matches(line, help) || matches(line, type) || matches(line, sample);
}

std::vector<std::string> fixed_parts(std::string_view page) {
  std::vector<std::string> parts;
  while (!page.empty()) {
    const auto end = page.find('\n');
    const std::string_view line = page.substr(0, end);
    parts.emplace_back(line.starts_with("#") ? line : line.substr(0, line.rfind(' ')));
    page = end == page.npos ? std::string_view{} : page.substr(end + 1);
  }
  std::ranges::sort(parts);
  return parts;
}

}  // namespace lethe::audit
