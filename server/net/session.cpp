#include "net/session.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include <lethe/base/wipe.hpp>

#include "base/check.hpp"
#include "base/mutation.hpp"
#include "identity/random.hpp"
#include "net/draining_messages.hpp"

namespace lethe::net {

void start_session(Worker& worker, Arrival arrival) {
  std::make_shared<Session>(worker, std::move(arrival))->start();
  worker.scratch().stack().due(worker.executor());   // the client's address has been on it
}

Session::Session(Worker& worker, Arrival arrival)
    : worker_{&worker},
      number_{++worker.relay().session_numbers},
      peer_{arrival.judged ? asio::ip::address{} : arrival.peer},
      judged_{arrival.judged},
      answer_{std::move(arrival.answer)},
      tls_{worker.tls()},
      stream_{std::move(arrival.socket), worker.readiness(), tls_ ? tls_->native() : nullptr, worker.scratch()},
      vigil_{worker.limits().session, clock_now().mono} {
  worker_->add(*this);
  ++worker_->relay().connections;
}

Session::~Session() {
  worker_->remove(*this);
  if (upgraded_) --worker_->relay().sessions;
  --worker_->relay().connections;
  forget_first(first_.size());
}

void Session::start() {
  asio::co_spawn(worker_->executor(), serve(shared_from_this()), asio::detached);
}

// ---- what the pure code says ------------------------------------------------------------------------------------------

void Session::push(const wire::ServerMessage& message) {
  queue_->push(message);
  signal();
}

// A sender that hears it a turn later hears of more at once.
void Session::push(const wire::Sent& message) {
  queue_->push(message);
  list();
}

void Session::wake() { signal(); }

// What has come of an unfinished message is overwritten at once: its rest will not be waited for, and the goodbye may last.
void Session::give_up_frame() {
  if (!unfinished_since_ || loops_ == 0) return;   // in the greeting its reader hears the client out
  frame_given_up_ = true;
  if (LETHE_KEEP(lease_wipe)) wipe(frame_lease_.bytes().first(frame_lease_.used));
}

void Session::close(const wire::Closing& closing) {
  if (closing_) return;
  wire::Closing said = closing;
  const bool timed = closing.retry_after.count() > 0 || closing.reason == wire::CloseReason::draining;
  if (!timed) said.retry_after = worker_->relay().short_retry();
  queue_->push(wire::ServerMessage{said});
  closing_ = closing.reason;
  worker_->tally().closings[static_cast<std::size_t>(closing.reason)].add();
  vigil_.closing(closing.reason, now().mono);
  give_up_frame();
  signal();
  if (!greeting_waits_) return;
  parting_ = true;
  asio::co_spawn(worker_->executor(), part(shared_from_this()), asio::detached);
}

// ---- the greeting -----------------------------------------------------------------------------------------------------

void Session::say_hello() {
  Nonce nonce;
  identity::random_bytes(nonce.bytes);
  std::array<std::uint8_t, 32> exporter{};
  const bool bound = transport().pipe().exporter(exporter);
  const std::span<const std::uint8_t> binding = bound ? std::span<const std::uint8_t>{exporter} : std::span<const std::uint8_t>{};
  greeting_.emplace(worker_->relay().terms, nonce, binding);
  queue_->push(wire::ServerMessage{greeting_->hello(now())});
}

void Session::on(const wire::Auth& message) {
  session::Greeting greeting = std::move(*greeting_);
  greeting_.reset();
  session::Greeting::Outcome outcome = std::move(greeting).authenticate(message, now());
  if (outcome.credentials) {
    credentials_ = std::move(outcome.credentials);
    EventFields fields;
    fields.session = number_;
    worker_->relay().log.write(Severity::debug, Event::session_authenticated, fields);
    return;
  }
  worker_->tally().errors[static_cast<std::size_t>(outcome.error.code)].add();
  push(wire::ServerMessage{outcome.error});
  close({wire::CloseReason::unauthenticated, seconds{0}});
}

void Session::on(const wire::Send& message) {
  if (!conversation_) converse(std::nullopt);
  conversation_->at(now());
  conversation_->on(message);
}

void Session::on(const wire::Ping& message) {
  if (conversation_) return conversation_->on(message);
  push(wire::ServerMessage{wire::Pong{now().wall}});
}

void Session::on(const wire::Fault& fault) {
  if (conversation_) return conversation_->on(fault);
  worker_->tally().errors[static_cast<std::size_t>(fault.code)].add();
  push(wire::ServerMessage{wire::Error{fault.code, fault.detail, fault.id, seconds{0}}});
  if (fault.fatal) close({wire::CloseReason::protocol, seconds{0}});
}

void Session::unauthenticated() {
  constexpr auto code = wire::ErrorCode::unauthenticated;
  worker_->tally().errors[static_cast<std::size_t>(code)].add();
  push(wire::ServerMessage{wire::Error{code, "Authenticate first.", std::nullopt, seconds{0}}});
  close({wire::CloseReason::unauthenticated, seconds{0}});
}

// ---- the conversation ---------------------------------------------------------------------------------------------------

void Session::converse(std::optional<session::Credentials> credentials) {
  greeting_.reset();
  const Instant at = now();
  vigil_.settled(at.mono);
  conversation_ = std::make_shared<session::Conversation>(worker_->services(), *this, std::move(credentials), at);
}

// A frame, or the next part of a long one, to whoever is in charge of it now. Sends of one frame may begin the (anonymous)
// conversation in its middle. What is left in `frame_` waits until there is room for answers.
void Session::dispatch() {
  const wire::Frame kind = stream_.got_text() ? wire::Frame::text : wire::Frame::binary;
  const std::uint8_t* const end = frame_.data() + frame_.size();
  const Instant at = now();
  vigil_.frame_finished(at.mono);
  worker_->count_message();
  // Too late to authenticate: a client that has said nothing so far is anonymous.
  if (!conversation_ && !closing_ && !vigil_.greeting()) converse(std::nullopt);
  if (conversation_ && draining_ && !worker_->relay().handing_over) {
    conversation_->at(at);
    DrainingMessages filter{*conversation_, *this, worker_->relay().retry_after()};
    frame_ = worker_->decoder().decode(encoding_, kind, frame_, filter, *conversation_);
  } else if (conversation_) {
    conversation_->at(at);
    frame_ = worker_->decoder().decode(encoding_, kind, frame_, *conversation_, *conversation_);
  } else {
    frame_ = worker_->decoder().decode(encoding_, kind, frame_, *this, *this);
  }
  if (!frame_.empty()) return;
  if (frame_lease_) frame_lease_.reset();
  else forget_first(static_cast<std::size_t>(end - first_.data()));
}

void Session::forget_first(std::size_t size) noexcept {
  if (LETHE_KEEP(first_wipe)) wipe(std::span{first_}.first(size));
}

// Goes on to the thread of its mailbox, if that is another one, and starts the reader and the writer there.
// Nobody holds it here afterwards: it may have come to its end there by then.
void Session::settle(std::shared_ptr<Session> self) {
  Session& session = *self;
  Worker& here = *session.worker_;
  const auto& credentials = session.credentials_;
  Worker& home = credentials ? *here.relay().workers[here.mailboxes().shard_of(credentials->device)] : here;
  if (&home == &here) return session.run_conversation();
  here.remove(session);
  session.transport().move_to(home.readiness(), home.scratch());
  session.worker_ = &home;
  asio::post(home.context(), [self = std::move(self)] {
    self->worker_->add(*self);
    self->vigil_.go_by(self->worker_->limits().session);
    self->run_conversation();
  });
}

void Session::run_conversation() {
  if (worker_->stopping()) return ended();   // it arrived from another thread as this one ended
  writer_wake_.emplace(worker_->executor());
  reader_wake_.emplace(worker_->executor());
  loops_ = 2;
  if (credentials_) {
    converse(std::move(credentials_));
    credentials_.reset();
    conversation_->start(now());
  }
  if (worker_->relay().draining) drain(worker_->relay().retry_after(), now());
  asio::co_spawn(worker_->executor(), write(shared_from_this()), asio::detached);
  asio::co_spawn(worker_->executor(), read(shared_from_this()), asio::detached);
}

// One of the two loops is over: nothing can be said or heard any more.
void Session::ended() {
  if (conversation_) conversation_->end(now());
  abort();   // the other loop has nothing to wait for
  if (loops_ > 0 && --loops_ > 0) return;
  log_end();
}

// What the relay itself has ended is no failure, nor is a client's goodbye.
void Session::note_failure(const error_code& error) {
  if (!aborted_ && !failure_ && error != websocket::error::closed) failure_ = error;
}

void Session::log_end() {
  if (!upgraded_) return;
  worker_->tally().sessions_closed.add();
  EventFields fields;
  fields.session = number_;
  if (failure_ && !closing_) {
    fields.error = failure_;
    worker_->relay().log.write(Severity::debug, Event::session_failed, fields);
    fields.error.reset();
  }
  if (closing_) fields.code = wire::close_code(*closing_);
  worker_->relay().log.write(Severity::debug, Event::session_closed, fields);
}

// ---- time ---------------------------------------------------------------------------------------------------------------

void Session::tick(Instant at) {
  if (aborted_) return let_go();
  // Beast itself sends away who breaks RFC 6455: such a client has as long to hang up as any other.
  if (upgraded_ && transport().leaving()) vigil_.closing(wire::CloseReason::protocol, at.mono);
  if (stuck()) {
    transport().pipe().shut_down();
    return abort();
  }
  const std::size_t waiting = transport().pipe().waiting();
  const std::uint64_t sent = transport().pipe().sent();
  if (waiting == 0) vigil_.write_finished();
  else if (sent != sent_before_) vigil_.write_progressed(at.mono);
  else vigil_.write_blocked(at.mono);
  sent_before_ = sent;

  const session::Vigil::Decision decision = vigil_.tick(at.mono);
  switch (decision.act) {
    case session::Vigil::Act::none: break;
    case session::Vigil::Act::ping:
      ping_due_ = true;
      // A silent client has no writer yet.
      if (greeting_waits_ && !parting_) asio::co_spawn(worker_->executor(), remind(shared_from_this()), asio::detached);
      break;
    case session::Vigil::Act::close: close({decision.reason, seconds{0}}); break;
    case session::Vigil::Act::abort:
      if (upgraded_ && !closing_) worker_->tally().closings[static_cast<std::size_t>(decision.reason)].add();
      return abort();
  }
  // What could not go at the time: output that waits for the socket, a batch that found no scratch memory, a ping.
  if (waiting > 0 || ping_due_ || (queue_ && !queue_->empty()) || drained()) signal();
}

void Session::drain(seconds retry_after, Instant at) {
  // A connection that has not asked yet gets its 503 when it does.
  if (draining_ || closing_ || !upgraded_) return;
  if (!conversation_) return close({wire::CloseReason::draining, retry_after});
  draining_ = true;
  queue_->push(wire::ServerMessage{wire::Closing{wire::CloseReason::draining, retry_after}});
  worker_->tally().closings[static_cast<std::size_t>(wire::CloseReason::draining)].add();
  vigil_.traffic(at.mono);
  signal();
}

void Session::finish() {
  if (!upgraded_) return abort();
  if (!draining_ || closing_) return;
  closing_ = wire::CloseReason::draining;
  vigil_.closing(wire::CloseReason::draining, now().mono);
  give_up_frame();
  signal();
}

bool Session::drained() const { return draining_ && !closing_ && conversation_ && conversation_->settled(); }

std::optional<Monotonic> Session::stalled_since(Monotonic last_tick) const {
  if (aborted_) return std::nullopt;
  std::optional<Monotonic> blocked = vigil_.write_blocked_since();
  if (!blocked && stream_.next_layer().pipe().waiting() > 0) blocked = last_tick;
  if (!unfinished_since_ || !blocked) return unfinished_since_ ? unfinished_since_ : blocked;
  return std::min(*unfinished_since_, *blocked);
}

// Its message finds no memory, and nobody else is to blame.
void Session::starve() {
  greeting_waits_ = false;   // the greeting itself says the last words: its reader goes no further
  close({wire::CloseReason::slow, worker_->relay().retry_after()});
}

// Text that isn't UTF-8 (RFC 6455, section 8.1), where Beast hasn't seen it.
void Session::refuse_text() {
  bad_text_ = true;
  greeting_waits_ = false;
  close({wire::CloseReason::protocol, seconds{0}});
}

void Session::abort() {
  aborted_ = true;
  transport().close();
  if (writer_wake_) writer_wake_->call();
  if (reader_wake_) reader_wake_->call();
  let_go();
}

// Beast 1.81 can keep a read and a close waiting for each other's lock: the read meets bad bytes, or the client's close frame
// behind another one, just as the relay's close frame is written. Then nothing is under way, and nothing will be.
bool Session::stuck() {
  const bool stuck = close_began_ && !transport().busy();
  return std::exchange(stuck_before_, stuck) && stuck;
}

// Closing the socket doesn't end those two; cancelling them does. Posted, since what they were goes on inside.
void Session::let_go() {
  asio::post(worker_->executor(), [self = shared_from_this()] {
    self->read_stop_.emit(asio::cancellation_type::terminal);
    self->close_stop_.emit(asio::cancellation_type::terminal);
  });
}

}  // namespace lethe::net
