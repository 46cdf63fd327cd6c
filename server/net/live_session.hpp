#pragma once
// A running session, as its thread sees it between events.
#include <optional>

#include <lethe/base/time.hpp>

namespace lethe::net {

class LiveSession {
 public:
  virtual ~LiveSession() = default;
  // About four times a second, once a second in a crowd: deadlines, pings, what could not be done at once.
  virtual void tick(Instant now) = 0;
  // The relay is going down: `closing` with `retry_after` is sent at once, nothing more is delivered, and the session ends
  // when its acknowledgements have come.
  virtual void drain(seconds retry_after, Instant now) = 0;
  // The drain has waited long enough: the close frame follows what was said.
  virtual void finish() = 0;
  // Ends the session now, whatever it waits for.
  virtual void abort() = 0;
  // Its turn on the list (Worker::list): writes what it has to say, as far as that goes without waiting. While the thread is
  // `busy` it may put off a turn or a few, where nobody waits for it.
  virtual void pump(bool busy) = 0;
  // Since when it holds transit memory without getting on: an unfinished message, or output that its client doesn't read.
  // Output that has waited since `last_tick` or later counts from there.
  virtual std::optional<Monotonic> stalled_since(Monotonic last_tick) const = 0;
};

}  // namespace lethe::net
