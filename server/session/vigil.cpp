#include "session/vigil.hpp"

#include <algorithm>

namespace lethe::session {

using wire::CloseReason;

Vigil::Vigil(const SessionLimits& limits, Monotonic now) noexcept : limits_{&limits}, since_{now} {}

void Vigil::upgraded(Monotonic) noexcept {
  // The time to authenticate runs from the connection's start, so a slow handshake wins nothing.
  if (state_ == State::connected) state_ = State::upgraded;
}

void Vigil::settled(Monotonic now) noexcept {
  if (state_ != State::upgraded) return;
  state_ = State::settled;
  since_ = now;
}

void Vigil::frame_started(Monotonic now) noexcept {
  if (frame_open_) return;
  frame_open_ = true;
  frame_since_ = now;
}

void Vigil::frame_held(Monotonic now) noexcept { frame_since_ = now; }

void Vigil::frame_finished(Monotonic now) noexcept {
  frame_open_ = false;
  traffic(now);
}

void Vigil::traffic(Monotonic now) noexcept {
  if (state_ != State::settled) return;
  since_ = now;
  pinged_ = false;
}

void Vigil::write_blocked(Monotonic now) noexcept {
  if (write_open_) return;
  write_open_ = true;
  write_since_ = now;
}

void Vigil::write_progressed(Monotonic now) noexcept {
  write_open_ = true;
  write_since_ = now;
}

void Vigil::write_finished() noexcept {
  write_open_ = false;
}

void Vigil::closing(CloseReason reason, Monotonic now) noexcept {
  if (state_ == State::closing) return;
  state_ = State::closing;
  reason_ = reason;
  since_ = now;
}

Vigil::Decision Vigil::tick(Monotonic now) noexcept {
  // First: with the socket stuck nothing can be said.
  if (write_open_ && now >= write_since_ + limits_->write) return {Act::abort, CloseReason::slow};
  const bool over = now >= state_deadline();
  switch (state_) {
    case State::connected:
      return over ? Decision{Act::abort, CloseReason::unauthenticated} : Decision{};
    case State::closing:
      return over ? Decision{Act::abort, reason_} : Decision{};
    case State::upgraded:
      if (over) return close(CloseReason::unauthenticated, now);
      break;
    case State::settled:
      if (now >= since_ + limits_->idle) return close(CloseReason::idle, now);
      break;
  }
  if (frame_open_ && now >= frame_since_ + limits_->message) return close(CloseReason::slow, now);
  if (state_ != State::settled || !over) return {};
  pinged_ = true;
  return {Act::ping, CloseReason::idle};
}

Vigil::Decision Vigil::close(CloseReason reason, Monotonic now) noexcept {
  closing(reason, now);
  return {Act::close, reason};
}

// In the settled state whichever comes next: the ping of this quiet period, or its end.
Monotonic Vigil::state_deadline() const noexcept {
  switch (state_) {
    case State::connected:
    case State::upgraded: return since_ + limits_->authenticate;
    case State::closing: return since_ + limits_->write;
    case State::settled: break;
  }
  return since_ + (pinged_ ? limits_->idle : std::min(limits_->ping, limits_->idle));
}

Monotonic Vigil::due() const noexcept {
  Monotonic next = state_deadline();
  if (write_open_) next = std::min<Monotonic>(next, write_since_ + limits_->write);
  const bool read = state_ == State::upgraded || state_ == State::settled;
  if (frame_open_ && read) next = std::min<Monotonic>(next, frame_since_ + limits_->message);
  return next;
}

}  // namespace lethe::session
