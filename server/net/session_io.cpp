// The coroutines of a session but for its writer (session_write.cpp): nowhere else is Beast's stream driven. House rule for g++ 12: a co_await stands
// alone or initialises one named variable, and its arguments are names.
#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <cstring>

#include <lethe/base/wipe.hpp>

#include "base/mutation.hpp"
#include "net/session.hpp"

namespace lethe::net {
namespace {
// Whether text that is UTF-8 so far ends before its last sequence does.
bool ends_within_sequence(std::span<const std::uint8_t> text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const unsigned byte = text[text.size() - back];
    if ((byte & 0xC0U) == 0x80U) continue;
    return (byte >= 0xF0U && back < 4) || (byte >= 0xE0U && back < 3) || (byte >= 0xC0U && back < 2);
  }
  return false;
}
}  // namespace

Task<void> Session::serve(std::shared_ptr<Session> self) {
  const bool shaken = co_await self->shake_hands();
  if (shaken) co_await self->upgrade();
  if (self->upgraded_) co_await self->greet();
  // A session that goes on now belongs to its reader and writer, perhaps on another thread.
  const bool goes_on = self->credentials_.has_value() || self->conversation_ != nullptr;
  if (goes_on && !self->closing_ && !self->aborted_) {
    settle(std::move(self));
    co_return;
  }
  self->ended();
}

Task<bool> Session::shake_hands() {
  auto shaken = co_await transport().async_handshake(use_task);
  const error_code error = std::get<0>(shaken);
  if (!error) {
    if (transport().pipe().encrypted()) worker_->tally().handshakes.add();
    co_return true;
  }
  worker_->tally().handshakes_failed.add();
  EventFields fields;
  fields.session = number_;
  fields.error = error;
  worker_->relay().log.write(Severity::debug, Event::handshake_failed, fields);
  co_return false;
}

// ---- HTTP ---------------------------------------------------------------------------------------------------------------

// Leaves the session upgraded_, or answered.
Task<void> Session::upgrade() {
  std::optional<Request> request;
  UpgradeDecision decision;
  const bool asked = co_await read_request(request, decision);
  if (!asked) co_return;
  if (decision.kind == UpgradeDecision::Kind::websocket) {
    co_await accept(*request, decision.encoding);
    co_return;
  }
  if (decision.demo()) {
    co_await answer_demo(request, decision);
    co_return;
  }
  // The goodbye may take its time: what was asked need not be kept as long.
  const bool head = request && request->method() == http::verb::head;
  request.reset();
  if (decision.kind == UpgradeDecision::Kind::refused) {
    co_await refuse(decision.refused);
    co_return;
  }
  Response page = respond(worker_->relay().well_known, head);
  co_await reply(std::move(page));
}

// False where there is nobody to answer.
Task<bool> Session::read_request(std::optional<Request>& request, UpgradeDecision& decision) {
  Transport& stream = transport();
  const std::size_t limit = worker_->relay().limits.session.header;
  boost::beast::flat_buffer buffer{limit + 1'024};
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(limit));
  parser.body_limit(0);
  auto got = co_await http::async_read(stream, buffer, parser, use_task);
  const error_code error = std::get<0>(got);
  if (error) {
    const std::optional<Refused> refused = refusal_of(error);
    if (refused) decision.refused = *refused;
    co_return refused.has_value();
  }
  request = parser.release();
  decision = judge(*request);
  if (decision.kind == UpgradeDecision::Kind::websocket && buffer.size() > 0) {
    decision.kind = UpgradeDecision::Kind::refused;
    decision.refused = {400, "Data came before the upgrade was answered."};
  }
  co_return true;
}

UpgradeDecision Session::judge(const Request& request) {
  RelayContext& relay = worker_->relay();
  UpgradeDecision decision = decide(request, relay.options.upgrade);
  if (decision.kind == UpgradeDecision::Kind::refused) return decision;
  if (!judged_) {
    const auto forwarded = request["X-Forwarded-For"];
    const auto client = relay.proxies.client(peer_, std::string_view{forwarded.data(), forwarded.size()});
    answer_ = relay.sources.admit(SourcePrefix{raw_bytes(client), relay.hash}, now().mono);
    judged_ = true;
    peer_ = asio::ip::address{};
  }
  const seconds wait = std::max(answer_.retry_after, seconds{1});
  const bool full = answer_.welcome == Welcome::full;
  if (relay.draining && !relay.handing_over) decision.refused = {503, "The relay is going down.", relay.retry_after()};
  else if (full) decision.refused = {503, "The relay has no room for more connections.", wait};
  else if (answer_.welcome != Welcome::admitted) decision.refused = {429, "Too many connections from this source.", wait};
  else return decision;
  decision.kind = UpgradeDecision::Kind::refused;
  return decision;
}

Task<void> Session::refuse(Refused refused) {
  worker_->tally().upgrades_refused.add();
  EventFields fields;
  fields.session = number_;
  fields.code = refused.status;
  worker_->relay().log.write(Severity::debug, Event::upgrade_refused, fields);
  Response response = respond(refused);
  co_await reply(std::move(response));
}

Task<void> Session::reply(Response response) {
  Transport& stream = transport();
  auto written = co_await http::async_write(stream, response, use_task);
  if (!std::get<0>(written)) co_await take_leave();
}

Task<void> Session::take_leave() {
  Transport& stream = transport();
  co_await stream.async_flush(use_task);
  co_await stream.async_goodbye(use_task);
}

Task<void> Session::accept(const Request& request, wire::Encoding encoding) {
  encoding_ = encoding;
  queue_.emplace(encoding);
  stream_.auto_fragment(false);
  stream_.read_message_max(worker_->relay().limits.session.frame);
  stream_.set_option(websocket::stream_base::decorator([encoding](websocket::response_type& response) {
    const std::string_view chosen = subprotocol(encoding);
    response.set(http::field::sec_websocket_protocol, boost::beast::string_view{chosen.data(), chosen.size()});
  }));
  stream_.control_callback([this](websocket::frame_type kind, boost::beast::string_view text) {
    if (kind != websocket::frame_type::close) return vigil_.traffic(now().mono);
    // A client that says goodbye has as long to hang up as one that the relay sends away. Neither its reason nor what it said
    // before is kept till then, and nothing follows the answer, which Beast sends by itself (RFC 6455, 5.5.1).
    heard_goodbye_ = true;
    vigil_.closing(wire::CloseReason::protocol, now().mono);
    if (LETHE_KEEP(control_wipe)) wipe(const_cast<char*>(text.data()), text.size());
    transport().forget_reads();
  });
  auto accepted = co_await stream_.async_accept(request, use_task);
  if (std::get<0>(accepted)) co_return;
  transport().remember_reads();
  upgraded_ = true;
  ++worker_->relay().sessions;
  vigil_.upgraded(now().mono);
  worker_->tally().sessions_opened.add();
  EventFields fields;
  fields.session = number_;
  worker_->relay().log.write(Severity::debug, Event::session_opened, fields);
}

// ---- the greeting -------------------------------------------------------------------------------------------------------

Task<void> Session::greet() {
  say_hello();
  if (worker_->relay().draining) drain(worker_->relay().retry_after(), now());
  for (;;) {
    if (!parting_) co_await write_all();
    if (aborted_ || (closing_ && !parting_)) break;
    if (frame_.empty()) {
      greeting_waits_ = true;
      const bool whole = co_await receive();
      const bool starved = closing_ && !parting_;
      greeting_waits_ = false;
      aborted_ = aborted_ || (!whole && !starved);
      if (!whole) break;
    }
    dispatch();
    if (credentials_ || (conversation_ && !closing_)) co_return;
  }
  if (!closing_ || aborted_) co_return;
  co_await write_all();
  co_await close_stream();
}

// A greeting that has run out of time, or of relay, is told so at once. Its reader hears the client's answer and ends it.
Task<void> Session::part(std::shared_ptr<Session> self) {
  co_await self->write_all();
  co_await self->close_stream();
}

Task<void> Session::remind(std::shared_ptr<Session> self) { co_await self->ping(); }

// ---- the reader ---------------------------------------------------------------------------------------------------------

Task<void> Session::read(std::shared_ptr<Session> self) {
  const std::size_t full = self->worker_->relay().limits.session.outbox;
  while (!self->aborted_) {
    if (self->frame_.empty()) {
      const bool whole = co_await self->receive();
      if (!whole) break;
    }
    self->dispatch();
    while (self->queue_->size() > full && !self->aborted_) {
      self->reader_waits_ = true;
      co_await self->reader_wake_->async_wait(use_task);
      self->reader_waits_ = false;
    }
  }
  // Where the relay itself ends the session, its last words are still to be said.
  while (self->closing_ && !self->aborted_ && self->loops_ == 2 && self->transport().is_open()) {
    co_await self->reader_wake_->async_wait(use_task);
  }
  self->ended();
}

// One whole WebSocket message to `frame_`; false where the connection is over. Most fit `first_`.
Task<bool> Session::receive() {
  transport().own(first_);
  const asio::mutable_buffer first{first_.data(), first_.size()};
  auto stoppable = asio::bind_cancellation_slot(read_stop_.slot(), use_task);
  auto got = co_await stream_.async_read_some(first, stoppable);
  const std::size_t size = std::get<1>(got);
  if (std::get<0>(got)) {
    note_failure(std::get<0>(got));
    forget_first(first_.size());
    co_return false;
  }
  if (stream_.is_message_done()) {
    frame_ = std::span{first_}.first(size);
    co_return true;
  }
  const bool whole = co_await receive_rest(size);
  co_return whole;
}

// A longer one is put together in scratch memory, which is charged to the transit budget.
Task<bool> Session::receive_rest(std::size_t first) {
  unfinished_since_ = now().mono;
  vigil_.frame_started(*unfinished_since_);
  const bool begun = co_await make_room();
  if (begun) {
    std::memcpy(frame_lease_.bytes().data(), first_.data(), first);
    frame_lease_.used = first;
  }
  forget_first(first);
  bool whole = begun;
  while (whole && !stream_.is_message_done()) {
    const bool roomy = co_await make_room();
    whole = roomy;
    if (!whole) break;
    const std::span<std::uint8_t> room = frame_lease_.bytes().subspan(frame_lease_.used);
    transport().own(frame_lease_.bytes());
    const asio::mutable_buffer rest{room.data(), room.size()};
    auto stoppable = asio::bind_cancellation_slot(read_stop_.slot(), use_task);
    auto got = co_await stream_.async_read_some(rest, stoppable);
    transport().own({});
    frame_lease_.used += std::get<1>(got);
    if (std::get<0>(got)) note_failure(std::get<0>(got));
    whole = !std::get<0>(got) && !aborted_;
    // A read that fails may have written more than it says (text that isn't UTF-8): all of the room is overwritten.
    if (!whole) frame_lease_.used = frame_lease_.bytes().size();
  }
  unfinished_since_.reset();
  whole = whole && !frame_given_up_;
  // Beast 1.81 doesn't look at it where the last fragment is empty.
  if (whole && stream_.got_text() && ends_within_sequence(frame_lease_.bytes().first(frame_lease_.used))) {
    refuse_text();
    whole = false;
  }
  if (whole) frame_ = frame_lease_.bytes().first(frame_lease_.used);
  else frame_lease_.reset();
  co_return whole;
}

// Room for more of the message in `frame_lease_`. Where there is none, whoever has stalled longest goes: perhaps this one.
Task<bool> Session::make_room() {
  ScratchPool& scratch = worker_->scratch();
  const std::size_t size = frame_lease_ ? frame_lease_.bytes().size() : 0;
  if (frame_lease_.used < size) co_return true;
  const std::size_t expected = first_.size() + stream_.read_size_hint(1);   // what the frame says is still to come
  for (;;) {
    Lease larger = size > 0 ? scratch.grow(frame_lease_, size + 1) : scratch.hold(expected);
    if (larger) {
      frame_lease_ = std::move(larger);
      co_return true;
    }
    if (!worker_->evict_stalled(this)) break;
    // What they held comes back as their coroutines go on.
    const Executor executor = worker_->executor();
    co_await asio::post(executor, use_task);
    if (aborted_) co_return false;
  }
  starve();
  co_return false;
}

}  // namespace lethe::net
