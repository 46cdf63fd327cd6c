#pragma once
// The sentences that every report says: what is claimed, how it is enforced, and what is not claimed. docs/retention.md says
// the same; each word has to stay exactly true.
#include <array>
#include <span>
#include <string_view>

#include "audit/report/report.hpp"

namespace lethe::audit {

extern const std::string_view promise;

struct Claim {
  ProbeId probe;
  std::string_view claim;
  std::string_view mechanism;
  std::string_view evidence;    // how the probe looks
};
std::span<const Claim> claims() noexcept;

// Who is faced, and what the promise holds against them.
struct Level {
  std::string_view name;        // T0 … T3
  std::string_view opponent;
  std::string_view holds;
};
std::span<const Level> levels() noexcept;

// What else a report does not say.
std::span<const std::string_view> limits_of_the_claim() noexcept;

struct Clause {
  std::string_view clause;
  std::string_view asks;
  std::string_view served_by;
};
std::span<const Clause> clauses() noexcept;

std::string_view meaning_of(Verdict verdict) noexcept;     // one sentence
std::string_view next_step_of(Verdict verdict) noexcept;   // what to do now
std::string_view meaning_of(Phase phase) noexcept;         // what the probes look at then
std::string_view meaning_of(Detector detector) noexcept;   // how it looks

}  // namespace lethe::audit
