#include "audit/probes/output_probe.hpp"

#include <algorithm>
#include <stdexcept>

#include "audit/peer/plain_http.hpp"
#include "audit/peer/tls_client.hpp"
#include "audit/probes/log_grammar.hpp"

namespace lethe::audit {
namespace {

constexpr const char* well_known_request = "GET /.well-known/lethe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

void OutputProbe::arm(const Trial& trial, Launch&, Findings& findings) {
  if (!trial.attached) return;
  findings.push_back({Detector::grammar, Kind::not_armed, {}, "stdout and stderr", "The output of a running relay goes elsewhere: only its pages are read.", 0});
}

void OutputProbe::observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) {
  const Search search{trial.canaries};
  check_written(search, phase, "stdout", relay.out(), findings);
  check_written(search, phase, "stderr", relay.err(), findings);
  if (phase == Phase::stopped) return;
  check_metrics(search, phase, relay, findings);
  check_small_pages(search, phase, relay, findings);
}

void OutputProbe::strange(Phase phase, const std::string& place, std::string sentence, Findings& findings) {
  if (!told_.insert(place).second) return;
  findings.push_back({Detector::grammar, Kind::detection, phase, place, std::move(sentence), 1});
}

void OutputProbe::check_canaries(const Search& search, Phase phase, const std::string& where, const std::string& text, Findings& findings) {
  bytes_ += text.size();
  const auto hits = search.find({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  if (hits.empty()) return;
  canaries_ += hits.size();
  findings.push_back({Detector::output_canary, Kind::detection, phase, where + ", byte " + std::to_string(hits.front().offset),
                      "It holds a canary (" + std::string{name(hits.front().secret)} + ", " + std::string{name(hits.front().form)} + ").", hits.size()});
}

// All of it is searched again each time, because canaries have come in meanwhile; lines are judged once.
void OutputProbe::check_written(const Search& search, Phase phase, const std::string& where, const std::string& text, Findings& findings) {
  const std::size_t from = read_[where];
  const std::size_t whole = phase == Phase::stopped ? text.size() : std::max(from, text.rfind('\n') + 1);   // npos + 1 is 0
  const std::string fresh = text.substr(from, whole - from);
  const auto before = static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(from), '\n'));
  const auto nothing = [](std::string_view) { return false; };
  const auto lines = where == "stderr" ? strange_lines(fresh, nothing) : strange_lines(fresh, is_log_line);
  for (const std::size_t line : lines) strange(phase, where + ", line " + std::to_string(before + line), "A line outside of the grammar.", findings);
  read_[where] = whole;
  check_canaries(search, phase, where, text, findings);
}

void OutputProbe::check_metrics(const Search& search, Phase phase, const RelayProcess& relay, Findings& findings) {
  if (relay.admin_port() == 0) return;
  const auto page = peer::plain_get(relay.admin_port(), "/metrics");
  if (page.status != 200) return strange(phase, "/metrics", "There is no page of metrics.", findings);
  for (const std::size_t line : strange_lines(page.body, is_metrics_line)) {
    strange(phase, "/metrics, line " + std::to_string(line), "A line outside of the grammar.", findings);
  }
  const std::string names = joined(fixed_parts(page.body));
  if (metrics_names_.empty()) metrics_names_ = names;
  if (names != metrics_names_) strange(phase, "/metrics", "Its names, labels or comments have changed.", findings);
  check_canaries(search, phase, "/metrics", page.head + page.body, findings);
}

void OutputProbe::check_small_pages(const Search& search, Phase phase, const RelayProcess& relay, Findings& findings) {
  if (relay.admin_port() != 0) {
    for (const char* const path : {"/healthz", "/readyz"}) {
      const auto page = peer::plain_get(relay.admin_port(), path);
      constexpr std::string_view words[] = {"ok\n", "ready\n", "degraded\n", "draining\n"};
      if (std::ranges::find(words, page.body) == std::ranges::end(words)) strange(phase, path, "A page outside of the grammar.", findings);
      check_canaries(search, phase, path, page.head + page.body, findings);
    }
  }
  if (phase == Phase::drained) return;   // nobody new is served
  try {
    const auto page = peer::ask(relay.port(), well_known_request);
    if (well_known_.empty()) well_known_ = page.body;
    if (page.status != 200 || page.body != well_known_) strange(phase, "/.well-known/lethe", "It has changed.", findings);
    check_canaries(search, phase, "/.well-known/lethe", page.head + page.body, findings);
  } catch (const std::runtime_error&) {
    strange(phase, "/.well-known/lethe", "Nobody answers there.", findings);
  }
}

void OutputProbe::conclude(const Trial&, Findings& findings) {
  if (told_.empty()) findings.push_back({Detector::grammar, Kind::clean, {}, {}, "Every line and page matches the closed grammar.", bytes_});
  if (canaries_ == 0) findings.push_back({Detector::output_canary, Kind::clean, {}, {}, "No canary in anything that it said.", bytes_});
}

}  // namespace lethe::audit
