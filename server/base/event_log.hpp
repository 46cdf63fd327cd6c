#pragma once
// What the relay may say about itself: an event from a closed list with fields from a closed list. There is no field that
// could carry a payload, an address, an id, an invite or an IP address, and no text field at all.
#include <cstdint>
#include <optional>

#include <lethe/base/ids.hpp>
#include <lethe/base/result.hpp>
#include <lethe/base/time.hpp>

#include "base/digest.hpp"

namespace lethe {

enum class Event : std::uint8_t {
  started, listening, admin_listening, plaintext, unlocked_memory, partly_locked_memory, development_certificate,
  lockdown, degraded, unfit_host,
  certificate_reloaded, certificate_rejected, settings_reloaded, settings_rejected, needs_restart, nothing_to_reload, accept_failed, accept_resumed,
  session_opened, session_authenticated, session_closed, handshake_failed, upgrade_refused,
  session_failed, draining, drained, arena_audited, stopped, records_lost, malformed_record, relay_killed,
  hand_over_refused, handing_over, handed_over, hand_over_failed, taken_over
};
inline constexpr Event last_event = Event::taken_over;
enum class Severity : std::uint8_t { debug, info, warning, error };

struct EventFields {
  std::optional<SessionNumber> session;
  std::optional<error_code> error;            // logged as category name and number, never as text
  std::optional<std::uint64_t> bytes;
  std::optional<std::uint64_t> count;
  std::optional<std::uint64_t> port;
  std::optional<milliseconds> duration;
  std::optional<std::uint32_t> code;          // HTTP status, close code, signal or reason number
  std::optional<std::uint32_t> level;         // of the lock-down
  std::optional<std::uint32_t> option;        // the broker's: its row of the options' table, logged as its name
  std::optional<Digest> digest;               // of the lock-down's filter or the development certificate
};

class EventLog {
 public:
  virtual ~EventLog() = default;
  // May be called from any thread; doesn't block on the message path for longer than a write.
  virtual void write(Severity severity, Event event, const EventFields& fields = {}) = 0;
  // What is below it is dropped from now on, where the log drops anything. Any thread.
  virtual void set_least(Severity) {}
};

}  // namespace lethe
