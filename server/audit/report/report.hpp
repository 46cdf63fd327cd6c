#pragma once
// All that an audit found out: what the written reports are made from. report.json holds exactly this (its schema:
// docs/retention-report.schema.json); report.html, report.md and junit.xml are views of it.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "audit/controls/control.hpp"
#include "audit/finding.hpp"

namespace lethe::audit {

enum class Verdict : std::uint8_t { pass, fail, inconclusive };
std::string_view name(Verdict verdict) noexcept;   // PASS, FAIL, INCONCLUSIVE
int exit_status(Verdict verdict) noexcept;         // 0, 1, 3

// What was audited.
struct Subject {
  std::string program;             // path, image or pid, as it was given
  std::string sha256;              // of the binary, in hex
  std::string version;             // its --version line
  std::vector<std::string> flags;
  std::string kernel;              // uname -r
  std::string filter_sha256;       // of the live seccomp filter, in hex; empty: none
  unsigned landlock_abi = 0;
  std::string well_known;          // the protections that the relay claims: the page as it was served
};

// One run of the relay and what the probes saw.
struct TrialReport {
  std::string id;                  // «audit-1», «control-file», «blind-17»
  std::string sentence;            // what was different in it: threads, TLS version, arena, how it ended
  std::chrono::milliseconds duration{0};
  unsigned messages = 0;           // sent
  unsigned due = 0;                // of these: to be received (not refused, expired, displaced or recalled)
  unsigned received = 0;           // byte-exact by their recipients, of those due
  Findings findings;
};

// The longest time that a message was seen in a state, over the audit. In the order accepted → delivered → acknowledged →
// overwritten; the last has no time.
struct Lifetime {
  std::string state;               // begins with the state's name: «accepted to delivered»
  std::chrono::microseconds longest{0};
  unsigned samples = 0;
};

// Half of the runs leak, in a shuffled order that the probes don't know.
struct BlindTrial {
  unsigned caught = 0;             // leaky, and detected
  unsigned missed = 0;             // leaky, not detected
  unsigned false_alarms = 0;       // clean, detected
  unsigned cleared = 0;            // clean, not detected
  unsigned runs() const noexcept { return caught + missed + false_alarms + cleared; }
};

struct NotChecked {
  std::string what;
  std::string why;
};

struct EvidenceFile {
  std::string path;                // below the report's directory
  std::string sha256;              // in hex
  std::uint64_t bytes = 0;
};

struct Report {
  Verdict verdict = Verdict::inconclusive;
  std::vector<std::string> reasons;        // why, most important first; for FAIL with the places
  Subject subject;
  std::string auditor;                     // the auditor's own --version line; empty: not recorded
  std::string command;                     // that repeats the audit, with its seed; empty: not recorded
  std::string seed;                        // 16 hex digits
  bool full = false;
  std::string began;                       // RFC 3339, UTC
  std::chrono::milliseconds duration{0};
  std::vector<TrialReport> trials;         // of the real relay
  std::vector<ControlResult> controls;
  std::optional<BlindTrial> blind;
  std::vector<Lifetime> lifetimes;
  std::vector<NotChecked> not_checked;
  std::vector<EvidenceFile> evidence;
};

// Sets `verdict` and `reasons`, from everything else. The rule:
// FAIL: a detection in a trial of the real relay; a planted leak that succeeded with the lock-down on (a resident one excepted:
//   what stays inside of the process isn't the lock-down's to stop).
// Else INCONCLUSIVE: a finding that is `missing` or `not_armed`; a detector that no trial has a look of; no trial; memory
//   never seen to hold a waiting message; messages due that were not received byte-exact, or none due; no controls; a control
//   that did not leak, that an expected detector did not see, or that was not tried with the lock-down on; a blind trial with a miss or a false alarm, or without both
//   kinds of run; of a full audit: no blind trial, or one of fewer than 60 runs; a binary without a digest.
// Else PASS. A control that was to be run and was not belongs into `controls` with `leaked` false and the reason in `note`.
// What `not_checked` says has no part in it: no audit can check that.
void judge(Report& report);

// The fewest runs of a full audit's blind trial.
inline constexpr unsigned blind_runs = 60;

}  // namespace lethe::audit
