#pragma once
// The deadlines of one session: what the edge tells it of a connection, and what that means once time has passed. Pure:
// the edge calls `tick` a few times a second (or at `due`) and does what it says. 40 bytes, no allocation.
//
//   connected ----> upgraded ----> settled (auth, the first anonymous send, or no time left to authenticate) ----> closing
//   authenticate, else abort | authenticate, else settled: it is anonymous | idle, ping | write, else abort
//
// In every state a blocked write must progress and, once upgraded, a started WebSocket message must end. An edge that
// pauses reading within a message calls frame_finished, and frame_started when it goes on: the client is not to blame.
#include <cstdint>
#include <optional>

#include <lethe/base/limits.hpp>
#include <lethe/base/time.hpp>
#include <lethe/wire/messages.hpp>

namespace lethe::session {

class Vigil {
 public:
  enum class Act : std::uint8_t {
    none,
    ping,     // send a WebSocket ping
    close,    // send `closing` with `reason`, then the close frame
    abort     // drop the connection: nothing more can be said
  };
  struct Decision {
    Act act = Act::none;
    wire::CloseReason reason = wire::CloseReason::protocol;   // of `close` and, for the log, of `abort`
    friend bool operator==(const Decision&, const Decision&) = default;
  };

  // `limits` must outlive it; they may change while it lives, on its thread. `now`: the connection's first byte, or its accept.
  Vigil(const SessionLimits& limits, Monotonic now) noexcept;

  // Another thread's copy of the limits, from here on.
  void go_by(const SessionLimits& limits) noexcept { limits_ = &limits; }

  void upgraded(Monotonic now) noexcept;          // TLS and the WebSocket handshake are done
  void settled(Monotonic now) noexcept;           // authenticated, or the first anonymous send
  void frame_started(Monotonic now) noexcept;     // the first bytes of a message have come
  void frame_finished(Monotonic now) noexcept;    // it is whole; counts as traffic
  void traffic(Monotonic now) noexcept;           // a pong, or anything else that shows the client alive
  void write_blocked(Monotonic now) noexcept;     // the socket takes no more; a second call changes nothing
  void write_progressed(Monotonic now) noexcept;  // it took some bytes, and more wait
  void write_finished() noexcept;
  // `closing` is on its way, for a reason decided elsewhere; a second call changes nothing.
  void closing(wire::CloseReason reason, Monotonic now) noexcept;

  // What is due at `now`. `ping` comes once in a quiet period, `close` once (it enters closing by itself), `abort` until the
  // connection is dropped.
  Decision tick(Monotonic now) noexcept;
  // Since when the socket has taken nothing of what waits for it.
  std::optional<Monotonic> write_blocked_since() const noexcept {
    return write_open_ ? std::optional{write_since_} : std::nullopt;
  }
  // There is still time to authenticate.
  bool greeting() const noexcept { return state_ <= State::upgraded; }
  // When `tick` may next have something to say; it may be too early, never too late.
  Monotonic due() const noexcept;

 private:
  enum class State : std::uint8_t { connected, upgraded, settled, closing };
  Decision close(wire::CloseReason reason, Monotonic now) noexcept;
  Monotonic state_deadline() const noexcept;

  const SessionLimits* limits_;
  Monotonic since_;         // connected and upgraded: of the connection; settled: of the last traffic; closing: of that
  Monotonic frame_since_;
  Monotonic write_since_;
  State state_ = State::connected;
  wire::CloseReason reason_ = wire::CloseReason::protocol;   // of closing
  bool frame_open_ = false;
  bool write_open_ = false;
  bool pinged_ = false;
};
static_assert(sizeof(void*) != 8 || sizeof(Vigil) == 40);

}  // namespace lethe::session
