#include "audit/audit_screen.hpp"

#include <algorithm>
#include <cstdio>

namespace lethe::audit {
namespace {

constexpr std::size_t column = 6;
constexpr std::size_t margin = 15;

std::string padded(std::string_view text, std::size_t width) {
  std::string cell{text.substr(0, width)};
  cell.resize(width, ' ');
  return cell;
}

std::string clock(std::chrono::seconds time) {
  const auto seconds = time.count();
  return std::to_string(seconds / 60) + (seconds % 60 < 10 ? ":0" : ":") + std::to_string(seconds % 60);
}

int gravity(std::optional<Kind> kind) noexcept {
  if (!kind) return 0;
  switch (*kind) {
    case Kind::clean: return 1;
    case Kind::expected: return 2;
    case Kind::not_armed: return 3;
    case Kind::missing: return 4;
    case Kind::detection: break;
  }
  return 5;
}

}  // namespace

std::string_view word(std::optional<Kind> kind) noexcept {
  if (!kind) return ".";
  switch (*kind) {
    case Kind::clean: return "ok";
    case Kind::expected: return "seen";
    case Kind::not_armed: return "blind";
    case Kind::missing: return "MISS";
    case Kind::detection: break;
  }
  return "FOUND";
}

std::optional<Kind> worst(std::optional<Kind> one, std::optional<Kind> other) noexcept {
  return gravity(one) >= gravity(other) ? one : other;
}

AuditScreen::AuditScreen(unsigned width) : width_{width} {}

void AuditScreen::say(const std::string& line) {
  erase();
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  draw();
}

void AuditScreen::began(const TrialOrder& order) {
  id_ = order.id;
  sentence_ = order.scenario.sentence();
  rows_ = {};
  phase_.reset();
  draw();
}

void AuditScreen::looked(ProbeId probe, std::optional<Phase> phase, std::span<const Finding> findings) {
  // What is found before the start is shown with `started`, what is found after the end with the last phase.
  if (phase) phase_ = phase;
  const auto at = static_cast<std::size_t>(phase_.value_or(Phase::started));
  auto& cell = rows_[static_cast<std::size_t>(probe)][at];
  if (phase && findings.empty()) cell = worst(cell, Kind::clean);
  for (const Finding& finding : findings) cell = worst(cell, finding.kind);
  draw();
}

void AuditScreen::ended(const TrialReport& trial) {
  ++done_;
  std::string line = padded(trial.id, 24);
  char seconds[16];
  std::snprintf(seconds, sizeof seconds, "%6.1f s ", static_cast<double>(trial.duration.count()) / 1'000);
  line += seconds;
  for (std::size_t probe = 0; probe < probe_count; ++probe) {
    std::optional<Kind> all;
    for (const auto& cell : rows_[probe]) all = worst(all, cell);
    line += " " + std::string{label(static_cast<ProbeId>(probe))} + " " + padded(word(all), 5);
  }
  id_.clear();
  say(line + "  " + trial.sentence);
}

std::vector<std::string> AuditScreen::table() const {
  std::vector<std::string> lines{id_ + ": " + sentence_};
  std::string head(margin, ' ');
  for (std::size_t phase = 0; phase < phase_count; ++phase) head += padded(name(static_cast<Phase>(phase)).substr(0, column - 1), column);
  lines.push_back(std::move(head));
  for (std::size_t probe = 0; probe < probe_count; ++probe) {
    const auto id = static_cast<ProbeId>(probe);
    std::string line = padded(std::string{label(id)} + " " + std::string{name(id)}, margin);
    for (const auto& cell : rows_[probe]) line += padded(word(cell), column);
    lines.push_back(std::move(line));
  }
  lines.push_back(progress());
  return lines;
}

std::string AuditScreen::progress() const {
  constexpr unsigned length = 24;
  const auto gone = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start_);
  const unsigned all = std::max(expected_, done_ + 1);
  const unsigned filled = length * done_ / all;
  std::string line = "[" + std::string(filled, '#') + std::string(length - filled, '-') + "] trial " + std::to_string(done_ + 1) +
                     " of " + std::to_string(all) + ", " + clock(gone) + " gone";
  if (done_ > 0) line += ", about " + clock(gone * (all - done_) / done_) + " left";
  return line;
}

void AuditScreen::erase() {
  if (drawn_ > 0) std::printf("\x1b[%uA\x1b[J", drawn_);
  drawn_ = 0;
}

void AuditScreen::draw() {
  if (width_ == 0 || id_.empty()) return;
  erase();
  for (const std::string& line : table()) {
    std::printf("%s\n", line.substr(0, width_ - 1).c_str());
    ++drawn_;
  }
  std::fflush(stdout);
}

}  // namespace lethe::audit
