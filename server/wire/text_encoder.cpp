#include "wire/text_encoder.hpp"

#include "wire/payload_reader.hpp"
#include "wire/text_writer.hpp"

namespace lethe::wire::text {
namespace {

// Upper bounds: the letters of the fixed text, 20 for each number, 43 for an address, 22 for an id, the longest name.
constexpr std::size_t kControl = 512;
constexpr std::size_t kSent = 160;
constexpr std::size_t kRefused = 128;
constexpr std::size_t kDelivery = 192;
constexpr std::size_t kReceipt = 192;
// One byte of a text can become \u00xx.
constexpr std::size_t kEscaped = 6;

std::int64_t milliseconds_of(Wall time) noexcept { return time.time_since_epoch().count(); }

void write_retry_after(TextWriter& out, seconds retry_after) noexcept {
  if (retry_after.count() > 0) out.raw(R"(,"retry_after":)").signed_number(retry_after.count());
}

void write_body(TextWriter& out, const Hello& hello) noexcept {
  out.raw(R"({"type":"hello","relay":")").escaped(hello.relay).raw(R"(","nonce":")").base64url(hello.nonce.bytes);
  out.raw(R"(","epoch":")").epoch(hello.epoch).raw(R"(","time":)").signed_number(milliseconds_of(hello.time));
  out.raw(R"(,"limits":{"payload":)").number(hello.payload).raw(R"(,"recipients":)").number(hello.recipients);
  out.raw(R"(,"ttl":)").signed_number(hello.ttl.count()).raw(R"(,"window":)").number(hello.window);
  out.raw(R"(,"window_bytes":)").number(hello.window_bytes).raw(R"(,"idle":)").signed_number(hello.idle.count()).raw("}}");
}

void write_body(TextWriter& out, const Ready& ready) noexcept {
  out.raw(R"({"type":"ready","device":")").base64url(ready.device.bytes).raw(R"(","epoch":")").epoch(ready.epoch);
  out.raw(R"(","queued":)").number(ready.queued).raw(R"(,"queued_bytes":)").number(ready.queued_bytes);
  out.raw(R"(,"missed":{"expired":)").number(ready.missed.expired).raw(R"(,"displaced":)").number(ready.missed.displaced);
  out.raw(R"(,"recalled":)").number(ready.missed.recalled).raw(R"(},"continuous":)").truth(ready.continuous).raw("}");
}

void write_body(TextWriter& out, const CaughtUp& caught_up) noexcept {
  out.raw(R"({"type":"caught_up","epoch":")").epoch(caught_up.epoch).raw(R"("})");
}

void write_body(TextWriter& out, const Sent& sent) noexcept {
  out.raw(R"({"type":"sent","id":")").base64url(sent.id.bytes).raw(R"(","accepted":)").number(sent.accepted);
  out.raw(R"(,"ttl":)").signed_number(sent.ttl.count()).raw(R"(,"refused":[)");
  std::string_view separator;
  for (const RefusedRecipient& refused : sent.refused) {
    out.raw(separator).raw(R"({"device":")").base64url(refused.device.bytes);
    out.raw(R"(","code":")").raw(name(refused.code)).raw("\"");
    write_retry_after(out, refused.retry_after);
    out.raw("}");
    separator = ",";
  }
  out.raw("]}");
}

void write_body(TextWriter& out, const Recalled& recalled) noexcept {
  out.raw(R"({"type":"recalled","id":")").base64url(recalled.id.bytes).raw(R"(","device":")").base64url(recalled.device.bytes);
  out.raw(R"(","status":")").raw(name(recalled.status)).raw(R"("})");
}

void write_body(TextWriter& out, const Pong& pong) noexcept {
  out.raw(R"({"type":"pong","time":)").signed_number(milliseconds_of(pong.time)).raw("}");
}

void write_body(TextWriter& out, const Error& error) noexcept {
  out.raw(R"({"type":"error","code":")").raw(name(error.code)).raw(R"(","detail":")").escaped(error.detail).raw("\"");
  if (error.id) out.raw(R"(,"id":")").base64url(error.id->bytes).raw("\"");
  write_retry_after(out, error.retry_after);
  out.raw("}");
}

void write_body(TextWriter& out, const Closing& closing) noexcept {
  out.raw(R"({"type":"closing","reason":")").raw(name(closing.reason)).raw(R"(","retry_after":)");
  out.signed_number(closing.retry_after.count()).raw("}");
}

}  // namespace

std::size_t longest(const Sent& sent) noexcept { return kSent + sent.refused.size() * kRefused; }
std::size_t longest(const mailbox::Delivery& delivery) noexcept {
  return kDelivery + PayloadReader::encoded_size(delivery.payload, Encoding::json);
}
std::size_t longest(const mailbox::ReceiptDelivery&) noexcept { return kReceipt; }

std::size_t longest(const ServerMessage& message) noexcept {
  if (const Sent* const sent = std::get_if<Sent>(&message)) return longest(*sent);
  if (const Hello* const hello = std::get_if<Hello>(&message)) return kControl + kEscaped * hello->relay.size();
  if (const Error* const error = std::get_if<Error>(&message)) return kControl + kEscaped * error->detail.size();
  return kControl;
}

std::size_t write(const ServerMessage& message, std::span<std::uint8_t> out) noexcept {
  TextWriter writer{out};
  std::visit([&writer](const auto& body) { write_body(writer, body); }, message);
  return writer.written();
}

std::size_t write(const Sent& sent, std::span<std::uint8_t> out) noexcept {
  TextWriter writer{out};
  write_body(writer, sent);
  return writer.written();
}

std::size_t write(const mailbox::Delivery& delivery, std::span<std::uint8_t> out) noexcept {
  TextWriter writer{out};
  writer.raw(R"({"type":"deliver","seq":)").number(delivery.seq).raw(R"(,"id":")").base64url(delivery.id.bytes);
  writer.raw(R"(","received":)").signed_number(milliseconds_of(delivery.received));
  writer.raw(R"(,"expires":)").signed_number(milliseconds_of(delivery.expires));
  writer.raw(R"(,"redelivered":)").truth(delivery.redelivered).raw(R"(,"payload":")");
  const std::size_t size = PayloadReader::encoded_size(delivery.payload, Encoding::json);
  PayloadReader::copy(delivery.payload, Encoding::json, writer.reserve(size));
  writer.raw(R"("})");
  return writer.written();
}

std::size_t write(const mailbox::ReceiptDelivery& receipt, std::span<std::uint8_t> out) noexcept {
  TextWriter writer{out};
  writer.raw(R"({"type":"receipt","seq":)").number(receipt.seq).raw(R"(,"id":")").base64url(receipt.id.bytes);
  writer.raw(R"(","device":")").base64url(receipt.device.bytes).raw(R"(","status":")").raw(name(receipt.fate)).raw(R"("})");
  return writer.written();
}

}  // namespace lethe::wire::text
