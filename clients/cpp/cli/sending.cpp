#include "cli/sending.hpp"

#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"

namespace lethe::cli {

namespace {
constexpr std::uint32_t most_under_way = 32;            // parts without a verdict
constexpr std::size_t most_kept = 64 * 1'048'576;       // bytes kept for their receipts
}  // namespace

Sending::Sending(boost::asio::io_context& io, client::Options options, SendSettings settings, client::Outgoing outgoing)
    : io_(io), settings_(std::move(settings)), outgoing_(std::move(outgoing)), client_(io, std::move(options), events()),
      progress_("Sent") {}

client::Events Sending::events() {
  client::Events events;
  events.state = [this](client::State state, error_code error) { on_state(state, error); };
  events.hello = [this](const client::Hello& hello) { on_hello(hello); };
  events.receipt = [this](const client::Receipt& receipt) { on_receipt(receipt); };
  return events;
}

int Sending::run() {
  boost::asio::steady_timer deadline(io_);
  if (settings_.timeout) {
    deadline.expires_after(*settings_.timeout);
    deadline.async_wait([this](error_code cancelled) {
      if (!cancelled) fail(timed_out, "--timeout passed; " + std::to_string(accepted_) + " of " +
                                          std::to_string(outgoing_.count()) + " parts accepted");
    });
  }
  client_.start();
  while (!(ended_ && client_.state() == client::State::stopped) && io_.run_one() > 0) {
  }
  return code_;
}

void Sending::on_state(client::State state, error_code error) {
  if (state == client::State::online) pump();
  if (state == client::State::waiting) complain("no connection, trying again", error.message());
  if (state == client::State::stopped && !ended_) fail(cannot_connect, error.message());
}

void Sending::on_hello(const client::Hello& hello) {
  if (std::exchange(cut_, true)) return;
  const auto limit = static_cast<std::size_t>(hello.limits.payload);
  if (const auto failure = outgoing_.cut(limit)) fail(refused, failure.message());
}

void Sending::pump() {
  while (!ended_ && cut_ && under_way_ < most_under_way && client_.outbox_bytes() < most_kept) {
    auto payload = outgoing_.next(settings_.recipient.device, settings_.sender ? &*settings_.sender : nullptr);
    if (!payload) return fail(input_output, payload.error().message());
    if (!*payload) return;
    client::Message message;
    message.to = {settings_.recipient};
    message.payload = std::move(**payload);
    message.ttl = settings_.ttl;
    message.urgency = settings_.urgency;
    message.receipt = settings_.receipt;
    message.retry = {settings_.patience.count() > 0, settings_.patience};
    message.id = client::random_fixed<MessageId>();
    ours_.insert(*message.id);
    ++under_way_;
    client_.send(std::move(message), [this](const client::SendResult& result) { on_result(result); });
  }
}

void Sending::on_result(const client::SendResult& result) {
  if (ended_) return;
  --under_way_;
  if (!result.error.empty()) return fail(result.error == "stopped" ? cannot_connect : refused, result.error);
  if (!result.refused.empty()) return fail(refused, "refused: " + std::string(client::name_of(result.refused.front().code)));
  ++accepted_;
  progress_.show(accepted_, outgoing_.count());
  if (accepted_ == outgoing_.count() && (!settings_.receipt || delivered_ == outgoing_.count())) return end(done);
  pump();
}

void Sending::on_receipt(const client::Receipt& receipt) {
  // Receipts of former runs wait in the same mailbox, and a receipt may come twice: each of ours counts once.
  if (ended_ || !ours_.erase(receipt.id)) return;
  if (receipt.status != client::ReceiptStatus::delivered) {
    return fail(refused, "not delivered: " + std::string(client::name_of(receipt.status)));
  }
  ++delivered_;
  if (delivered_ == outgoing_.count() && accepted_ == outgoing_.count()) return end(done);
  pump();
}

void Sending::end(int code) {
  if (std::exchange(ended_, true)) return;
  code_ = code;
  progress_.finish();
  client_.stop();
}

void Sending::fail(int code, const std::string& why) {
  if (ended_) return;
  progress_.finish();
  complain(why);
  end(code);
}

}  // namespace lethe::cli
