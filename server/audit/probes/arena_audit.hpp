#pragma once
// The relay's own audit of its arena, which says of secret memory what a scan from outside can't see: how many free blocks it
// looked at, and how many were not all zero. While it runs it samples (metrics `lethe_arena_audited_blocks_total` and
// `lethe_arena_dirty_blocks_total`); where it ends in order it examines all of it (event `arena_audited`). See
// docs/operations.md. One object watches one trial.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/probes/probe.hpp"

namespace lethe::audit {

class ArenaAudit {
 public:
  // At a phase at which the relay runs. `metrics`: its page, where it answered; `unreadable`: bytes of its memory that a scan
  // could not read.
  void observe(const Trial& trial, Phase phase, const std::optional<std::string>& metrics, std::uint64_t unreadable,
               Findings& findings);
  // It has ended, and has written `log`, in either format.
  void ended(std::string_view log, Findings& findings);
  // Whether the relay has audited anything at all. Silent in a trial with an ordinary arena and a relay without the counters.
  void conclude(const Trial& trial, Findings& findings) const;

 private:
  std::string obstacle_ = "The relay was never looked at.";   // why there are no counters; empty: there are
  double audited_ = 0;
  double dirty_ = 0;
  bool hidden_ = false;      // the whole arena was found unreadable, and that was reported
};

}  // namespace lethe::audit
