#pragma once
// Where a session's replies go: the writer's side, as the pure code sees it. Bounded by SessionLimits::outbox: the reader
// stops reading while it is full.
#include <lethe/wire/messages.hpp>

namespace lethe::session {

// Called on the session's thread, from within the Conversation or an engine's answer: it takes down what is to be written
// and returns; it never calls back into the Conversation, nor destroys it.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void push(const wire::ServerMessage& message) = 0;
  virtual void push(const wire::Sent& message) = 0;   // the hot one
  // There is something to pull from the mailbox.
  virtual void wake() = 0;
  // The last words: `closing` and the close frame with its code follow what was pushed; nothing is accepted after. Counted
  // here (Tally::closings), for the edge decides on closings of its own.
  virtual void close(const wire::Closing& closing) = 0;
};

}  // namespace lethe::session
