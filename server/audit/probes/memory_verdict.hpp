#pragma once
// What the scans of a relay's processes at one phase mean.
#include <span>
#include <string>

#include "audit/finding.hpp"
#include "audit/probes/memory_scan.hpp"
#include "audit/probes/probe.hpp"

namespace lethe::audit {

struct ScannedProcess {
  std::string role;      // «relay» (it listens), «broker» (it started the relay), «child»
  pid_t pid = 0;
  MemoryScan scan;
};

// A detection for each kind of hit that ought not to be there, by mapping, secret and form; and at `queued`, where the arena is
// an ordinary one, whether payloads of every size were found.
Findings judge_memory(const Trial& trial, Phase phase, std::span<const ScannedProcess> processes);

// Raw evidence, lines of JSON: each hit that ought not to be there, with process, mapping, offset, secret, form and, of a payload,
// its block; the others counted by mapping, secret and form. Never the bytes. Throws std::runtime_error where the file can't be
// written.
void write_hits(const std::string& path, const Trial& trial, Phase phase, std::span<const ScannedProcess> processes);

}  // namespace lethe::audit
