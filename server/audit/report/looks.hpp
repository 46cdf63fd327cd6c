#pragma once
// How often something was looked at, and with what outcome: counts of findings by their kind.
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "audit/report/report.hpp"

namespace lethe::audit {

inline constexpr std::size_t kind_count = 5;
std::string_view name(Kind kind) noexcept;     // as report.json names it: «not-armed» for not_armed
std::string_view words(Kind kind) noexcept;    // for people

class Looks {
 public:
  void add(const Finding& finding) noexcept;
  unsigned of(Kind kind) const noexcept { return counts_[static_cast<std::size_t>(kind)]; }
  // Findings of a detector that could look and was not blind.
  unsigned taken() const noexcept { return of(Kind::clean) + of(Kind::expected) + of(Kind::detection); }
  // Absent: nothing was added. Detection before missing before not_armed before expected before clean.
  std::optional<Kind> worst() const noexcept;

 private:
  std::array<unsigned, kind_count> counts_{};
};

// Over all trials of the real relay.
Looks looks_of(const Report& report);
Looks looks_of(const Report& report, Detector detector);
Looks looks_of(const Report& report, ProbeId probe);
// Of one trial at one phase; no phase: what is about the whole trial.
Looks looks_of(const TrialReport& trial, std::optional<Phase> phase);

}  // namespace lethe::audit
