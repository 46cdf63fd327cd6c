#pragma once
// One event as it goes through the log's pipe: fixed size, numbers only. A record that this program didn't write is told
// apart as far as it leaves the grammar (ops/event_grammar.hpp), so what is printed is of the grammar whoever wrote it.
//
//   0 event  1 severity  2 fields, as bits (2 bytes)  4 error's category  5 zero (3)  8 error's value (4)  12 code (4)
//   16 level (4)  20 option (4)  24 session (8)  32 bytes (8)  40 count (8)  48 port (8)  56 duration in ms (8)  64 digest (32)
//
// Numbers as this processor keeps them: both ends are the same program. What isn't present is zero.
#include <array>
#include <cstdint>
#include <optional>

#include "base/event_log.hpp"

namespace lethe::ops {

struct LoggedEvent {
  Severity severity = Severity::info;
  Event event = Event::started;
  EventFields fields;
};

// Shorter than PIPE_BUF: a write of one record is not torn by another thread's, pipe(7).
using EventRecord = std::array<std::uint8_t, 96>;

// Fields that the event may not have are left out.
EventRecord encode(const LoggedEvent& event) noexcept;
// Nothing where any byte is outside of the grammar.
std::optional<LoggedEvent> decode(const EventRecord& record) noexcept;

}  // namespace lethe::ops
