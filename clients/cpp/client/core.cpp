#include "client/core.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "client/wire_binary.hpp"
#include "client/wire_json.hpp"

namespace lethe::client {

namespace {
constexpr std::size_t batch_size = 65'536;       // of records in one WebSocket message (docs/protocol.md)
constexpr seconds long_enough{5};                // a session that lasted so long starts the backoff anew

Monotonic now() { return std::chrono::time_point_cast<milliseconds>(std::chrono::steady_clock::now()); }
}  // namespace

Client::Core::Core(boost::asio::io_context& io, Options options, Events events)
    : io_(io), options_(std::move(options)), events_(std::move(events)), tls_(make_tls_settings(options_.trust)),
      reconnect_timer_(io), retry_timer_(io), random_(std::random_device{}()),
      outbox_(options_.in_flight, options_.backoff), seen_(options_.remembered_ids), backoff_(options_.backoff) {}

void Client::Core::start() {
  if (state_ != State::idle) return;
  offline_since_ = now();
  dial_now();
}

void Client::Core::dial_now() {
  acknowledgements_ = {};
  retry_after_.reset();
  fatal_.reset();
  greeted_ = false;
  if (options_.mailbox.min_urgency) acknowledgements_.forbid_cumulative();
  const std::weak_ptr<Core> weak = weak_from_this();
  Connection::Events events;
  events.frame = [weak](bool binary, ByteView bytes) {
    if (const auto self = weak.lock()) self->on_frame(binary, bytes);
  };
  events.ended = [weak](const ConnectionEnd& reason) {
    if (const auto self = weak.lock()) self->on_ended(reason);
  };
  connection_ = dial(io_, tls_, options_, std::move(events));
  set_state(State::connecting);
}

void Client::Core::on_ended(const ConnectionEnd& reason) {
  if (dead_ || state_ == State::stopped) return;
  connection_.reset();
  pongs_.clear();
  retry_timer_.cancel();
  outbox_.disconnected();
  if (state_ == State::online) {
    offline_since_ = now();
    if (offline_since_ - online_since_ >= long_enough) backoff_.reset();
  }
  auto error = reason.error;
  if (stopping_) return finish(Error::stopped);
  if (is_final(reason, error)) return finish(error);
  dial_later(reason, error);
}

bool Client::Core::is_final(const ConnectionEnd& reason, error_code& error) const {
  if (reason.close_code == 4001) error = Error::unauthenticated;
  if (reason.close_code == 4002) error = Error::replaced;
  if (fatal_) error = *fatal_;
  if (error == Error::unauthenticated || error == Error::replaced) return true;
  // A portal between us and a relay that was fine before is no reason to give up; a first contact with a stranger is.
  const bool stranger = error == Error::wrong_relay || error == Error::untrusted_certificate ||
                        error == Error::pin_mismatch || error == Error::wrong_subprotocol;
  return !options_.reconnect || (stranger && !ever_online_);
}

void Client::Core::dial_later(const ConnectionEnd& reason, error_code error) {
  const auto retry_after = reason.retry_after ? reason.retry_after : retry_after_;
  const auto wait = backoff_.next(chance(), retry_after);
  if (options_.give_up && now() + wait - offline_since_ > *options_.give_up) return finish(error ? error : Error::gave_up);
  reconnect_timer_.expires_after(wait);
  reconnect_timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self && self->state_ == State::waiting) self->dial_now();
  });
  set_state(State::waiting, error);
}

void Client::Core::stop() {
  if (stopping_ || state_ == State::stopped) return;
  stopping_ = true;
  // Posted, so that what is being handled right now is acknowledged before the connection closes.
  boost::asio::post(io_, [self = shared_from_this()] {
    if (self->dead_ || self->state_ == State::stopped) return;
    if (!self->connection_) return self->finish(Error::stopped);
    self->flush();
    self->connection_->close();
  });
}

void Client::Core::finish(error_code error) {
  reconnect_timer_.cancel();
  retry_timer_.cancel();
  set_state(State::stopped, error);
  for (const auto& result : outbox_.abandon("stopped")) settle(result);
}

void Client::Core::abandon() {
  dead_ = true;
  reconnect_timer_.cancel();
  retry_timer_.cancel();
  if (connection_) connection_->abandon();
  connection_.reset();
}

void Client::Core::set_state(State state, error_code error) {
  state_ = state;
  call(events_.state, state, error);
}

// What no relay takes, and no record can hold.
bool Client::Core::is_sendable(const Message& message) {
  constexpr std::size_t most_recipients = 65'535, longest_topic = 32;
  const bool ttl_fits = message.ttl >= seconds(0) && message.ttl <= seconds(0xFFFF'FFFF);
  return !message.to.empty() && message.to.size() <= most_recipients && message.topic.size() <= longest_topic && ttl_fits;
}

MessageId Client::Core::send(Message message, OnResult on_result) {
  const bool sendable = is_sendable(message);
  Send send;
  send.id = message.id ? *message.id : random_fixed<MessageId>();
  send.to = std::move(message.to);
  send.payload = std::move(message.payload);
  send.ttl = message.ttl;
  send.urgency = message.urgency;
  send.topic = std::move(message.topic);
  send.receipt = message.receipt && options_.identity.has_value();
  const auto id = send.id;
  const bool stopped = stopping_ || state_ == State::stopped;
  if (stopped || !sendable || !outbox_.add(std::move(send), message.retry)) {
    SendResult result;
    result.id = id;
    result.error = stopped ? "stopped" : sendable ? "duplicate_id" : "malformed";
    call(on_result, result);
    return id;
  }
  if (on_result) on_results_[id] = std::move(on_result);
  flush();
  return id;
}

void Client::Core::settle(const SendResult& result) {
  auto found = on_results_.extract(result.id);
  if (!found.empty()) call(found.mapped(), result);
}

// Everything that is ready goes into as few WebSocket messages as possible: acknowledgements first.
void Client::Core::flush() {
  if (busy_ || state_ != State::online || !connection_) return;
  busy_ = true;
  Bytes batch;
  for (auto ack = acknowledgements_.take(); !ack.empty(); ack = acknowledgements_.take()) {
    if (options_.encoding == Encoding::json) write_text(to_json(ack));
    else append_record(batch, ack);
  }
  if (!stopping_) write_sends(batch);
  write_batch(batch);
  busy_ = false;
  arm_retry();
}

void Client::Core::write_sends(Bytes& batch) {
  while (!dead_) {
    const auto* const send = outbox_.next(now());
    if (send == nullptr) return;
    if (send->payload.size() > limits_.payload) {
      ErrorReply reply;
      reply.code = "too_large";
      const auto id = send->id;
      apply(id, outbox_.failed(id, reply, now(), chance()));
    } else if (options_.encoding == Encoding::json) {
      write_text(to_json(*send));
    } else {
      if (!batch.empty() && batch.size() + send->payload.size() > batch_size) write_batch(batch);
      append_record(batch, *send);
    }
  }
}

void Client::Core::write_batch(Bytes& batch) {
  if (!batch.empty() && connection_) connection_->write({true, std::move(batch)});
  batch = {};
}

void Client::Core::arm_retry() {
  const auto due = outbox_.next_due();
  if (!due) return;
  retry_timer_.expires_at(*due);
  retry_timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self && !self->dead_) self->flush();
  });
}

bool Client::Core::recall(const MessageId& id, const Address& device) {
  if (state_ != State::online) return false;
  write_text(to_json(Recall{id, device}));
  return true;
}

void Client::Core::update_mailbox(const MailboxSettings& changes) {
  auto& mailbox = options_.mailbox;
  if (changes.anyone) mailbox.anyone = changes.anyone;
  if (changes.generation) mailbox.generation = changes.generation;
  if (changes.revoked) mailbox.revoked = changes.revoked;
  if (changes.window) mailbox.window = changes.window;
  if (changes.min_urgency) {
    mailbox.min_urgency = changes.min_urgency;
    acknowledgements_.forbid_cumulative();
  }
  if (state_ == State::online && options_.identity) write_text(to_json(changes));
}

bool Client::Core::ping(std::function<void()> on_pong) {
  if (state_ != State::online) return false;
  // Posted, so that what is being handled right now is acknowledged first.
  boost::asio::post(io_, [self = shared_from_this(), on_pong = std::move(on_pong)]() mutable {
    if (self->dead_ || self->state_ != State::online || !self->connection_) return;
    self->flush();
    self->pongs_.push_back(std::move(on_pong));
    self->write_text(to_json(Ping{}));
  });
  return true;
}

}  // namespace lethe::client
