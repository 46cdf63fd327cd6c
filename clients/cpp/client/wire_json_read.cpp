#include <algorithm>
#include <array>
#include <utility>

#include "client/json_fields.hpp"
#include "client/wire_json.hpp"

namespace lethe::client {

namespace {
using nlohmann::json;

Result<FromRelay> read_hello(JsonFields in) {
  Hello hello;
  hello.relay = in.text("relay");
  hello.nonce = in.fixed<Nonce>("nonce");
  hello.epoch = in.epoch("epoch");
  hello.time = in.number_or("time", 0);
  if (in.has("limits")) {
    JsonFields limits(in.nested("limits"));
    hello.limits.payload = limits.number_or("payload", hello.limits.payload);
    hello.limits.recipients = limits.number_or("recipients", hello.limits.recipients);
    hello.limits.ttl = limits.number_or("ttl", hello.limits.ttl);
    hello.limits.window = limits.number_or("window", hello.limits.window);
    if (!limits.ok()) return Error::malformed;
  }
  if (!in.ok()) return Error::malformed;
  return FromRelay(std::move(hello));
}

Result<FromRelay> read_ready(JsonFields in) {
  Ready ready;
  ready.epoch = in.epoch("epoch");
  ready.queued = in.number_or("queued", 0);
  ready.queued_bytes = in.number_or("queued_bytes", 0);
  ready.continuous = in.flag("continuous");
  if (in.has("missed")) {
    JsonFields missed(in.nested("missed"));
    ready.missed = {missed.number_or("expired", 0), missed.number_or("displaced", 0), missed.number_or("recalled", 0)};
    if (!missed.ok()) return Error::malformed;
  }
  if (!in.ok()) return Error::malformed;
  return FromRelay(ready);
}

Result<FromRelay> read_delivery(JsonFields in) {
  Delivery delivery;
  delivery.seq = in.number("seq");
  delivery.id = in.fixed<MessageId>("id");
  delivery.received = in.number_or("received", 0);
  delivery.expires = in.number_or("expires", 0);
  delivery.redelivered = in.has("redelivered") && in.flag("redelivered");
  delivery.payload = in.bytes("payload");
  if (!in.ok()) return Error::malformed;
  return FromRelay(std::move(delivery));
}

Result<Refusal> read_refusal(JsonFields in) {
  Refusal refusal;
  refusal.device = in.fixed<Address>("device");
  const auto name = in.text("code");
  refusal.retry_after = in.retry_after();
  if (!in.ok()) return Error::malformed;
  for (std::uint8_t code = 1; code <= 7; ++code) {
    if (name_of(static_cast<RefusalCode>(code)) == name) refusal.code = static_cast<RefusalCode>(code);
  }
  // A code of a later version is still a refusal; it gets a number that no name belongs to.
  if (refusal.code == RefusalCode{}) refusal.code = static_cast<RefusalCode>(255);
  return refusal;
}

Result<FromRelay> read_sent(JsonFields in) {
  Sent sent;
  sent.id = in.fixed<MessageId>("id");
  sent.accepted = static_cast<std::uint32_t>(in.number("accepted"));
  sent.ttl = seconds(in.number_or("ttl", 0));
  if (!in.ok()) return Error::malformed;
  if (!in.has("refused")) return FromRelay(std::move(sent));
  const auto& refused = in.nested("refused");
  if (!refused.is_array()) return Error::malformed;
  for (const auto& entry : refused) {
    const auto refusal = read_refusal(JsonFields(entry));
    if (!refusal) return refusal.error();
    sent.refused.push_back(*refusal);
  }
  return FromRelay(std::move(sent));
}

Result<FromRelay> read_receipt(JsonFields in) {
  Receipt receipt;
  receipt.seq = in.number("seq");
  receipt.id = in.fixed<MessageId>("id");
  receipt.device = in.fixed<Address>("device");
  const auto name = in.text("status");
  for (std::uint8_t status = 1; status <= 4; ++status) {
    if (name_of(static_cast<ReceiptStatus>(status)) == name) receipt.status = static_cast<ReceiptStatus>(status);
  }
  if (!in.ok() || receipt.status == ReceiptStatus::lost) return Error::malformed;
  return FromRelay(receipt);
}

Result<FromRelay> read_recalled(JsonFields in) {
  Recalled recalled;
  recalled.id = in.fixed<MessageId>("id");
  recalled.device = in.fixed<Address>("device");
  const auto name = in.text("status");
  if (!in.ok()) return Error::malformed;
  recalled.status = name == "wiped" ? RecallStatus::wiped : name == "in_flight" ? RecallStatus::in_flight : RecallStatus::unknown;
  return FromRelay(recalled);
}

Result<FromRelay> read_error(JsonFields in) {
  ErrorReply reply;
  reply.code = in.text("code");
  if (in.has("detail")) reply.detail = in.text("detail");
  if (in.has("id")) reply.id = in.fixed<MessageId>("id");
  reply.retry_after = in.retry_after();
  if (!in.ok()) return Error::malformed;
  return FromRelay(std::move(reply));
}

Result<FromRelay> read_closing(JsonFields in) {
  Closing closing;
  closing.reason = in.text("reason");
  closing.retry_after = in.retry_after();
  if (!in.ok()) return Error::malformed;
  return FromRelay(std::move(closing));
}

Result<FromRelay> read_caught_up(JsonFields in) {
  CaughtUp caught_up{in.epoch("epoch")};
  if (!in.ok()) return Error::malformed;
  return FromRelay(caught_up);
}

Result<FromRelay> read_pong(JsonFields in) { return FromRelay(Pong{in.number_or("time", 0)}); }

struct Reader {
  std::string_view type;
  Result<FromRelay> (*read)(JsonFields);
};
constexpr std::array readers{
    Reader{"hello", read_hello},       Reader{"ready", read_ready},       Reader{"caught_up", read_caught_up},
    Reader{"deliver", read_delivery},  Reader{"sent", read_sent},         Reader{"receipt", read_receipt},
    Reader{"recalled", read_recalled}, Reader{"error", read_error},       Reader{"closing", read_closing},
    Reader{"pong", read_pong},
};

// The parser's copy of a payload outlives the message otherwise.
void wipe_payload(json& message) {
  const auto found = message.find("payload");
  if (found == message.end() || !found->is_string()) return;
  auto& text = found->get_ref<std::string&>();
  wipe_memory(text.data(), text.size());
}
}  // namespace

Result<FromRelay> read_json(ByteView text) {
  auto message = json::parse(text.begin(), text.end(), nullptr, false);
  if (message.is_discarded() || !message.is_object()) return Error::malformed;
  JsonFields fields(message);
  const auto type = fields.text("type");
  if (!fields.ok()) return Error::malformed;
  const auto reader = std::ranges::find(readers, type, &Reader::type);
  if (reader == readers.end()) return FromRelay(Unknown{});
  auto result = reader->read(fields);
  wipe_payload(message);
  return result;
}

}  // namespace lethe::client
