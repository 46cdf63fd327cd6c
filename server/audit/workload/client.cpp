#include "audit/workload/client.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace lethe::audit {
namespace {

constexpr std::size_t some = 8;   // deliveries that are acknowledged together

Ledger::Instant now() { return std::chrono::steady_clock::now(); }

MessageId id_of(const peer::Heard& heard) {
  const std::string raw = peer::base64url_decode(heard.text("id"));
  return MessageId::from({reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()});
}

}  // namespace

Client::Client(peer::WirePeer peer, std::optional<Device> device, Ledger& ledger)
    : peer_{std::move(peer)}, device_{std::move(device)}, ledger_{&ledger} {
  peer_.hello();
}

void Client::authenticate(const peer::Json& mailbox) {
  peer_.say(peer_.auth_message(device_->key, {.mailbox = mailbox}));
  await("ready");
}

void Client::write(const peer::Mail& mail) {
  for (const peer::Recipient& to : mail.to) ledger_->sent(mail.id, to.device, mail.payload);
}

std::int64_t Client::hear_sent(const peer::Mail& mail) {
  const peer::Heard sent = await("sent");
  if (!sent.is(mail.id)) throw std::runtime_error{"the relay answered another send"};
  for (const peer::Recipient& to : mail.to) {
    if (sent.refusal_of(to.device).empty()) ledger_->accepted(mail.id, to.device, now());
  }
  return sent.number("accepted");
}

std::int64_t Client::post(const peer::Mail& mail) {
  write(mail);
  peer_.send(mail);
  return hear_sent(mail);
}

std::int64_t Client::post_in_fragments(const peer::Mail& mail, std::string_view between) {
  write(mail);
  const bool text = peer_.encoding() == peer::Encoding::json;
  const std::string whole = text ? peer::send_message(mail).dump() : peer::framed(peer::send_record(mail));
  const std::size_t third = whole.size() / 3;
  const std::string_view first{whole.data(), third};
  const std::string_view second{whole.data() + third, third};
  const std::string_view last{whole.data() + 2 * third, whole.size() - 2 * third};
  peer_.frame(text ? peer::Opcode::text : peer::Opcode::binary, first, false, first.size());
  peer_.frame(peer::Opcode::ping, between, true, between.size());
  peer_.frame(peer::Opcode::continuation, second, false, second.size());
  peer_.frame(peer::Opcode::continuation, last, true, last.size());
  return hear_sent(mail);
}

void Client::post_together(const std::vector<peer::Mail>& mails) {
  for (const peer::Mail& mail : mails) write(mail);
  peer_.send(mails);
  for (const peer::Mail& mail : mails) hear_sent(mail);
}

std::string Client::post_badly(const peer::Mail& mail) {
  write(mail);
  peer_.send(mail);
  return await("error").text("code");
}

peer::Heard Client::await(std::string_view type) {
  for (;;) {
    peer::Heard heard = peer_.hear();
    deal_with(heard);
    if (heard.type == type) return heard;
    if (heard.type == "closed" || heard.type == "gone") {
      throw std::runtime_error{"the relay ended a session where «" + std::string{type} + "» was expected"};
    }
  }
}

void Client::deal_with(const peer::Heard& heard) {
  if (heard.type == "receipt") {
    ++receipts_;
    open_.push_back({heard.seq(), std::nullopt});
  } else if (heard.type == "deliver") {
    ++deliveries_;
    open_.push_back({heard.seq(), id_of(heard)});
    if (!ledger_->delivered(*open_.back().id, device_->address(), heard.payload, now())) {
      throw std::runtime_error{"a recipient got something else than what was sent to it"};
    }
  } else {
    return;
  }
  const bool enough = acknowledging == Acknowledging::singly || open_.size() >= some;
  if (acknowledging != Acknowledging::never && enough) acknowledge();
}

void Client::await_deliveries(unsigned count) {
  while (deliveries_ < count) await("deliver");
}

void Client::await_receipts(unsigned count) {
  while (receipts_ < count) await("receipt");
}

void Client::acknowledge() {
  if (open_.empty()) return;
  std::vector<std::uint64_t> seqs;
  for (const Open& one : open_) seqs.push_back(one.seq);
  if (acknowledging == Acknowledging::singly) peer_.ack(0, seqs);
  else peer_.ack(*std::ranges::max_element(seqs));
  for (const Open& one : open_) {
    if (one.id) ledger_->acknowledged(*one.id, device_->address(), now());
  }
  open_.clear();
}

void Client::settle() {
  if (acknowledging != Acknowledging::never) acknowledge();
  peer_.say(peer::Json{{"type", "ping"}});
  await("pong");
  if (device_) ledger_->overwritten(device_->address(), now());
}

}  // namespace lethe::audit
