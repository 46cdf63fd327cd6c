// What a session writes. A batch goes out at once, without waiting, from the worker's list of sessions with something to say
// (`pump`); the coroutine is there for whatever waits: a socket that is full, a ping, the close.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <utility>

#include "net/session.hpp"

namespace lethe::net {
namespace {
constexpr std::chrono::milliseconds lease_pause{20};
}

void Session::signal() {
  turn_.matters();
  list();
}

// Once, however much there is to say: what comes together leaves together.
void Session::list() {
  if (loops_ == 0 || std::exchange(listed_, true)) return;
  worker_->list(shared_from_this());
}

void Session::pump(bool busy) {
  listed_ = false;
  if (!writer_waits_ || aborted_) return;   // it looks for itself as it goes on
  if (turn_.give_away(busy && !reader_waits_)) return list();
  const Wrote wrote = write_turn();
  if (wrote == Wrote::failed) return abort();
  if (wrote == Wrote::something && more_) signal();
  if (transport().blocked() || ping_due_ || closing_ || drained()) writer_wake_->call();
}

// What one turn may take, so that a full mailbox doesn't keep the others waiting: in a binary session that is one message, in a
// JSON session many small ones.
Session::Wrote Session::write_turn() {
  TlsPipe& pipe = transport().pipe();
  pipe.cork();
  Wrote wrote = write_batch();
  while (wrote == Wrote::something && more_ && encoding_ == wire::Encoding::json && pipe.corked() < FrameQueue::batch_limit) wrote = write_batch();
  const error_code error = pipe.uncork();
  if (!error) return wrote;
  note_failure(error);
  return Wrote::failed;
}

Task<void> Session::write(std::shared_ptr<Session> self) {
  while (!self->aborted_) {
    if (self->transport().blocked()) {
      auto flushed = co_await self->transport().async_flush(use_task);
      if (std::get<0>(flushed)) break;
    }
    const Wrote wrote = self->write_turn();
    if (wrote == Wrote::failed) break;
    if (wrote == Wrote::something) continue;
    if (self->ping_due_) {
      co_await self->ping();
      continue;
    }
    if (self->drained()) self->finish();
    if (self->closing_) {
      co_await self->close_stream();
      break;
    }
    self->writer_waits_ = true;
    co_await self->writer_wake_->async_wait(use_task);
    self->writer_waits_ = false;
  }
  self->ended();
}

// One WebSocket message with whatever is ready: replies, then deliveries. It never waits for more, but says whether there is.
Session::Wrote Session::write_batch() {
  more_ = false;
  if (heard_goodbye_) return Wrote::nothing;
  Lease lease = worker_->scratch().lease();
  if (!lease) return Wrote::nothing;
  if (!queue_->empty() && queue_->front().size() > lease.bytes().size()) {
    Lease larger = worker_->scratch().grow(lease, queue_->front().size());
    if (!larger) return Wrote::nothing;
    lease = std::move(larger);
  }
  Batch batch{encoding_, lease};
  batch.take(*queue_);
  if (conversation_ && !draining_ && !closing_) more_ = !batch.has_room() || conversation_->pull(batch, now());
  if (batch.reached_caught_up()) queue_->push(wire::ServerMessage{wire::CaughtUp{worker_->relay().epoch}});
  more_ = more_ || !queue_->empty();
  if (batch.empty()) return batch.reached_caught_up() ? Wrote::something : Wrote::nothing;
  stream_.text(batch.kind() == wire::Frame::text);
  error_code error;
  transport().pipe().lead(lease.lead());
  stream_.write(asio::const_buffer{batch.bytes().data(), batch.bytes().size()}, error);
  if (reader_waits_) reader_wake_->call();
  if (!error) return Wrote::something;
  note_failure(error);
  return Wrote::failed;
}

Task<void> Session::ping() {
  ping_due_ = false;
  const websocket::ping_data nothing;
  co_await stream_.async_ping(nothing, use_task);
}

// Everything that waits to be said in the greeting, where there is no writer yet.
Task<void> Session::write_all() {
  while (!aborted_) {
    if (transport().blocked()) {
      auto flushed = co_await transport().async_flush(use_task);
      aborted_ = aborted_ || std::get<0>(flushed);
      continue;
    }
    const Wrote wrote = write_batch();
    aborted_ = aborted_ || wrote == Wrote::failed;
    if (aborted_ || queue_->empty() || heard_goodbye_) co_return;
    if (wrote == Wrote::something) continue;
    // No scratch memory just now.
    SteadyTimer pause{worker_->executor(), lease_pause};
    co_await pause.async_wait(use_task);
  }
}

// The close frame, and the client's, with the reason that `closing_` gives.
Task<void> Session::close_stream() {
  websocket::close_reason reason{wire::close_code(*closing_)};
  if (bad_text_) reason.code = websocket::close_code::bad_payload;
  auto stoppable = asio::bind_cancellation_slot(close_stop_.slot(), use_task);
  close_began_ = true;
  co_await stream_.async_close(reason, stoppable);
}

}  // namespace lethe::net
