#include <algorithm>
#include <utility>

#include "client/core.hpp"
#include "client/wire_binary.hpp"
#include "client/wire_json.hpp"

namespace lethe::client {

namespace {
Monotonic now() { return std::chrono::time_point_cast<milliseconds>(std::chrono::steady_clock::now()); }

Result<std::vector<FromRelay>> decode(bool binary, ByteView bytes) {
  if (binary) return read_records(bytes);
  auto message = read_json(bytes);
  if (!message) return message.error();
  std::vector<FromRelay> messages;
  messages.push_back(std::move(*message));
  return messages;
}

bool equal_names(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}
}  // namespace

void Client::Core::on_frame(bool binary, ByteView bytes) {
  if (dead_ || !connection_) return;
  auto messages = decode(binary, bytes);
  if (!messages) return protocol_failure(Error::malformed);
  busy_ = true;
  for (auto& message : *messages) {
    // After stop() nothing new is handled: it would be acknowledged or not by chance.
    if (stopping_ && std::holds_alternative<Delivery>(message)) continue;
    const bool expected = greeted_ != std::holds_alternative<Hello>(message) || std::holds_alternative<Closing>(message) ||
                          std::holds_alternative<ErrorReply>(message);
    if (!expected) {
      busy_ = false;
      return protocol_failure(Error::malformed);
    }
    std::visit([this](auto& one) { on(one); }, message);
    if (dead_ || !connection_) break;
  }
  busy_ = false;
  flush();
}

void Client::Core::protocol_failure(Error error) {
  connection_->abandon();
  on_ended({error, std::nullopt, 0, 0});
}

bool Client::Core::is_relay_name(std::string_view name) const {
  if (!options_.relay_name.empty()) return equal_names(name, options_.relay_name);
  return equal_names(name, options_.relay.host) || equal_names(name, format_endpoint(options_.relay));
}

void Client::Core::on(Hello& hello) {
  greeted_ = true;
  if (!is_relay_name(hello.relay)) return protocol_failure(Error::wrong_relay);
  limits_ = hello.limits;
  call(events_.hello, hello);
  if (dead_ || !connection_) return;
  if (options_.identity) return authenticate(hello);
  online_since_ = now();
  ever_online_ = true;
  set_state(State::online);
}

void Client::Core::authenticate(const Hello& hello) {
  Auth auth;
  Bytes binding;
  if (options_.bind_to_tls) {
    const auto exported = connection_->exporter();
    if (exported) binding.assign(exported->begin(), exported->end());
    auth.bound = exported.has_value();
  }
  auth.device = options_.identity->address();
  auth.signature = options_.identity->sign(auth_bytes(hello.relay, hello.nonce, binding));
  auth.admission = options_.admission;
  auth.mailbox = options_.mailbox;
  auth.epoch = options_.epoch;
  write_text(to_json(auth));
  set_state(State::authenticating);
}

void Client::Core::on(Ready& ready) {
  if (state_ != State::authenticating) return protocol_failure(Error::malformed);
  options_.epoch = ready.epoch;
  if (!ready.continuous) outbox_.forgotten();
  online_since_ = now();
  ever_online_ = true;
  set_state(State::online);
  call(events_.ready, ready);
}

void Client::Core::on(CaughtUp&) { call(events_.caught_up); }

void Client::Core::on(Delivery& delivery) {
  acknowledgements_.delivered(delivery.seq);
  if (!seen_.contains(delivery.id)) {
    if (!call(events_.message, delivery)) return;
    seen_.insert(delivery.id);
  }
  acknowledgements_.handled(delivery.seq);
}

void Client::Core::on(Sent& sent) { apply(sent.id, outbox_.sent(sent, now(), chance())); }

void Client::Core::apply(const MessageId& id, Outbox::Outcome outcome) {
  if (outcome.result) settle(*outcome.result);
  for (const auto& device : outcome.lost) {
    Receipt receipt;
    receipt.id = id;
    receipt.device = device;
    receipt.status = ReceiptStatus::lost;
    call(events_.receipt, receipt);
  }
}

void Client::Core::on(Receipt& receipt) {
  acknowledgements_.delivered(receipt.seq);
  outbox_.receipt(receipt);
  call(events_.receipt, receipt);
  acknowledgements_.handled(receipt.seq);
}

void Client::Core::on(Recalled& recalled) {
  outbox_.recalled(recalled);
  call(events_.recalled, recalled);
}

void Client::Core::on(ErrorReply& error) {
  if (error.code == "unauthenticated") fatal_ = Error::unauthenticated;
  if (error.id && outbox_.holds(*error.id)) return apply(*error.id, outbox_.failed(*error.id, error, now(), chance()));
  if (error.retry_after) retry_after_ = error.retry_after;
  call(events_.error, error);
}

void Client::Core::on(Closing& closing) {
  if (closing.reason == "replaced") fatal_ = Error::replaced;
  if (closing.reason == "unauthenticated") fatal_ = Error::unauthenticated;
  if (closing.retry_after) retry_after_ = closing.retry_after;
  call(events_.closing, closing);
}

void Client::Core::on(Pong&) {
  if (pongs_.empty()) return;
  const auto on_pong = std::move(pongs_.front());
  pongs_.pop_front();
  call(on_pong);
}

}  // namespace lethe::client
