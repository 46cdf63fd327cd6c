#pragma once
// The moments of a trial at which the probes look. The workload brings the relay to each of them in turn and holds it there.
#include <array>
#include <cstdint>
#include <string_view>

namespace lethe::audit {

enum class Phase : std::uint8_t {
  started,        // listening, no message yet
  queued,         // messages wait for absent recipients: the bytes must be found (positive control)
  acknowledged,   // all acknowledged; every connection still open and idle
  closed,         // the same, connections closed
  expired,        // messages outlived their ttl
  displaced,      // replaced by a later message of their topic
  recalled,       // recalled by their sender
  refused,        // refused: no invite, mailbox full
  oversized,      // larger than the limit
  malformed,      // no message of the protocol, with a payload inside
  cut_off,        // the connection ended in the middle of a frame
  taken_over,     // a newer session of the device took the messages and acknowledged them
  drained,        // SIGTERM, still running
  stopped,        // the process has ended in order, or as the trial ended it (SIGKILL, crash)
};
inline constexpr std::size_t phase_count = 14;

// As the report names it: the enumerator, with «-» for «_».
std::string_view name(Phase phase) noexcept;
// What must not be found any more at this moment: false for `queued` alone.
constexpr bool forgotten(Phase phase) noexcept { return phase != Phase::queued; }

}  // namespace lethe::audit
