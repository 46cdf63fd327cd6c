#pragma once
// What the probes report. A detection is something that ought not to be there: it makes the verdict FAIL, and in the trial of
// a control it is what is expected.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/phase.hpp"

namespace lethe::audit {

enum class ProbeId : std::uint8_t { capability, storage, memory, output, egress };   // P1 … P5
inline constexpr std::size_t probe_count = 5;
// «P1» … «P5», and the word.
std::string_view label(ProbeId probe) noexcept;
std::string_view name(ProbeId probe) noexcept;

// Several ways of looking make up a probe; the matrix of controls is by these. Names as the report shows them.
enum class Detector : std::uint8_t {
  filter,          // P1: the live seccomp filter, evaluated for every call
  injection,       // P1: forbidden calls made from inside by ptrace
  process_state,   // P1: descriptors, limits, dumpable, capabilities, environment, mounts, children
  file_events,     // P2: fanotify on the file system
  io_counters,     // P2: bytes written, by the cgroup and the process
  tree,            // P2: names, sizes, times, extended attributes, content of the private file systems
  raw_device,      // P2: the block device read with O_DIRECT
  swap,            // P2: the swap file read with O_DIRECT after forced page-out
  cores,           // P2: crash under each kind of core pattern
  memory,          // P3: every readable mapping of every process
  arena_audit,     // P3: the relay's own count of dirty free blocks
  grammar,         // P4: a line or page outside of the closed grammar
  output_canary,   // P4: a canary in the output
  packets,         // P5: capture in the network namespace
  local_sockets,   // P5: fake syslog and abstract sockets
  tls,             // P5: tickets, resumption, extensions negotiated
};
inline constexpr std::size_t detector_count = 16;
std::string_view name(Detector detector) noexcept;
ProbeId probe_of(Detector detector) noexcept;

enum class Kind : std::uint8_t {
  clean,         // looked, nothing there
  detection,     // looked, something there that ought not to be
  expected,      // a positive control was seen as it must be
  missing,       // a positive control was not seen: the detector is blind, the verdict INCONCLUSIVE
  not_armed,     // could not look: the verdict INCONCLUSIVE
};

struct Finding {
  Detector detector;
  Kind kind = Kind::clean;
  std::optional<Phase> phase;      // absent: about the whole trial
  std::string place;               // where: a mapping, a path, a device offset, a line's number; never the bytes themselves
  std::string sentence;            // for people, one sentence
  std::uint64_t count = 0;         // of what was found or looked at
};
using Findings = std::vector<Finding>;

}  // namespace lethe::audit
