#include "audit/report/looks.hpp"

namespace lethe::audit {
namespace {

constexpr std::array<std::string_view, kind_count> names = {"clean", "detection", "expected", "missing", "not-armed"};
constexpr std::array<std::string_view, kind_count> in_words = {
    "nothing found", "found, where it must not be", "found, as it must be", "not found, though it must be", "could not look"};

template <typename Takes>
Looks count(const Report& report, Takes takes) {
  Looks looks;
  for (const auto& trial : report.trials) {
    for (const auto& finding : trial.findings) {
      if (takes(finding)) looks.add(finding);
    }
  }
  return looks;
}

}  // namespace

std::string_view name(Kind kind) noexcept { return names[static_cast<std::size_t>(kind)]; }
std::string_view words(Kind kind) noexcept { return in_words[static_cast<std::size_t>(kind)]; }

void Looks::add(const Finding& finding) noexcept { ++counts_[static_cast<std::size_t>(finding.kind)]; }

std::optional<Kind> Looks::worst() const noexcept {
  for (const auto kind : {Kind::detection, Kind::missing, Kind::not_armed, Kind::expected, Kind::clean}) {
    if (of(kind) > 0) return kind;
  }
  return std::nullopt;
}

Looks looks_of(const Report& report) {
  return count(report, [](const Finding&) { return true; });
}

Looks looks_of(const Report& report, Detector detector) {
  return count(report, [detector](const Finding& finding) { return finding.detector == detector; });
}

Looks looks_of(const Report& report, ProbeId probe) {
  return count(report, [probe](const Finding& finding) { return probe_of(finding.detector) == probe; });
}

Looks looks_of(const TrialReport& trial, std::optional<Phase> phase) {
  Looks looks;
  for (const auto& finding : trial.findings) {
    if (finding.phase == phase) looks.add(finding);
  }
  return looks;
}

}  // namespace lethe::audit
