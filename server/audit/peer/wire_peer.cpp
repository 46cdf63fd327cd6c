#include "audit/peer/wire_peer.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <openssl/rand.h>

namespace lethe::peer {
namespace {

constexpr std::string_view accept_of_sample_key = "s3pplmbitxaq9kygzzhzrbk+xoo=";   // RFC 6455, 1.3, in lower case

[[noreturn]] void unexpected(std::string_view wanted, const Heard& heard) {
  throw std::runtime_error{"expected " + std::string{wanted} + ", heard " + heard.type + " " + heard.fields.dump() +
                           (heard.close_code != 0 ? " code " + std::to_string(heard.close_code) : "")};
}

void append(std::vector<std::uint8_t>& out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }

}  // namespace

WirePeer::WirePeer(std::uint16_t port, Encoding encoding, const TlsSettings& settings, std::string_view fields)
    : encoding_{encoding}, tls_{port, settings} {
  tls_.write(upgrade_request(std::string{"lethe.v1."} + name_of(encoding), fields));
  std::size_t end = std::string::npos;
  while ((end = incoming_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(incoming_.size() + 1)) throw std::runtime_error{"the upgrade was not answered"};
  }
  upgrade_ = parse_reply(incoming_.substr(0, end + 4));
  if (upgrade_.status != 101) throw std::runtime_error{"the upgrade was refused: " + incoming_};
  if (upgrade_.value("sec-websocket-accept") != accept_of_sample_key) throw std::runtime_error{"wrong Sec-WebSocket-Accept"};
  read_ = end + 4;
}

const Json& WirePeer::hello() {
  if (hello_.is_null()) hello_ = expect("hello").fields;
  return hello_;
}

Json WirePeer::auth_message(const DeviceKey& key, const AuthOptions& options) {
  std::vector<std::uint8_t> signed_bytes;
  append(signed_bytes, {"lethe/v1/auth\0", 14});
  append(signed_bytes, options.relay.empty() ? hello().at("relay").get<std::string>() : options.relay);
  signed_bytes.push_back(0);
  append(signed_bytes, base64url_decode(hello().at("nonce").get<std::string>()));
  Json message{{"type", "auth"}, {"device", base64url(key.address().bytes)}, {"mailbox", options.mailbox}};
  if (options.exporter || options.wrong_exporter) {
    auto bound = tls_.exporter();
    if (options.wrong_exporter) bound[0] ^= 1;
    signed_bytes.insert(signed_bytes.end(), bound.begin(), bound.end());
    message["binding"] = "tls-exporter";
  }
  message["signature"] = base64url(key.sign(signed_bytes).bytes);
  if (!options.epoch.empty()) message["epoch"] = options.epoch;
  if (!options.admission.empty()) message["admission"] = options.admission;
  return message;
}

Heard WirePeer::authenticate(const DeviceKey& key, const AuthOptions& options) {
  say(auth_message(key, options));
  return expect("ready");
}

Heard WirePeer::enter(const DeviceKey& key, const AuthOptions& options) {
  Heard ready = authenticate(key, options);
  expect("caught_up");
  return ready;
}

void WirePeer::say(const Json& message) { say_text(message.dump()); }
void WirePeer::say_text(std::string_view text) { frame(Opcode::text, text, true, text.size()); }
void WirePeer::say_binary(std::string_view bytes) { frame(Opcode::binary, bytes, true, bytes.size()); }

void WirePeer::send(const Mail& mail) {
  if (encoding_ == Encoding::json) say(send_message(mail));
  else say_binary(framed(send_record(mail)));
}

void WirePeer::send(const std::vector<Mail>& mails) {
  if (encoding_ == Encoding::json) {
    for (const Mail& mail : mails) send(mail);
    return;
  }
  std::string batch;
  for (const Mail& mail : mails) batch += framed(send_record(mail));
  say_binary(batch);
}

Heard WirePeer::post(const Mail& mail) {
  send(mail);
  Heard sent = expect("sent");
  if (!sent.is(mail.id)) unexpected("the answer to this send", sent);
  return sent;
}

void WirePeer::ack(std::uint64_t up_to, const std::vector<std::uint64_t>& seqs) {
  if (encoding_ == Encoding::binary) return say_binary(framed(ack_record(up_to, seqs)));
  Json message{{"type", "ack"}};
  if (up_to != 0) message["up_to"] = up_to;
  if (!seqs.empty()) message["seqs"] = seqs;
  say(message);
}

void WirePeer::settle() {
  say(Json{{"type", "ping"}});
  expect("pong");
}

void WirePeer::recall(const MessageId& id, const Address& device) {
  say(Json{{"type", "recall"}, {"id", base64url(id.bytes)}, {"device", base64url(device.bytes)}});
}

// final 1 bit, opcode 4 bits in the first byte | masked 1 bit, length 7 bits | longer lengths | mask 4 | bytes
void WirePeer::frame(Opcode opcode, std::string_view bytes, bool final, std::uint64_t announced_length) {
  std::string out;
  append_number(out, (final ? 0x80U : 0U) | static_cast<unsigned>(opcode), 1);
  if (announced_length < 126) {
    append_number(out, 0x80 | announced_length, 1);
  } else {
    const bool wide = announced_length > 0xffff;
    append_number(out, 0x80 | (wide ? 127U : 126U), 1);
    append_number(out, announced_length, wide ? 8 : 2);
  }
  out.append(mask.begin(), mask.end());
  for (std::size_t i = 0; i < bytes.size(); ++i) out += static_cast<char>(bytes[i] ^ mask[i % 4]);
  tls_.write(out);
}

void WirePeer::close(unsigned code, std::string_view reason) {
  std::string bytes;
  append_number(bytes, code, 2);
  bytes += reason;
  frame(Opcode::close, bytes, true, bytes.size());
}

bool WirePeer::fill(std::size_t size) {
  while (incoming_.size() - read_ < size) {
    const std::string part = tls_.read();
    if (part.empty()) return false;
    if (read_ > 0) incoming_.erase(0, std::exchange(read_, 0));
    incoming_ += part;
  }
  return true;
}

// One frame of the relay. It never masks, never fragments and knows no extension.
bool WirePeer::read_frame() {
  if (!fill(2)) return false;
  const auto at = [this](std::size_t i) { return static_cast<std::uint8_t>(incoming_[read_ + i]); };
  const std::uint8_t first = at(0);
  std::uint64_t length = at(1);
  if ((first & 0x70) != 0) throw std::runtime_error{"the relay's frame has a reserved bit"};
  std::size_t head = 2;
  if (length == 126 || length == 127) {
    head += length == 126 ? 2 : 8;
    if (!fill(head)) return false;
    length = 0;
    for (std::size_t i = 2; i < head; ++i) length = length << 8 | at(i);
  }
  if (length > 16'777'216) throw std::runtime_error{"the relay's frame is masked or enormous"};
  if (!fill(head + length)) return false;
  const std::string bytes = incoming_.substr(read_ + head, length);
  read_ += head + length;
  assemble(static_cast<Opcode>(first & 0x0f), (first & 0x80) != 0, bytes);
  return true;
}

// RFC 6455, section 5.4: control frames may stand between the fragments of a message.
void WirePeer::assemble(Opcode opcode, bool last, std::string_view bytes) {
  const bool control = (static_cast<unsigned>(opcode) & 8U) != 0;
  if (control && last) return take(opcode, bytes);
  if (control || (opcode == Opcode::continuation) != unfinished_.has_value()) throw std::runtime_error{"a fragment out of place from the relay"};
  if (!unfinished_) unfinished_ = {opcode, {}};
  unfinished_->second += bytes;
  if (!last) return;
  const auto whole = std::exchange(unfinished_, {});
  take(whole->first, whole->second);
}

void WirePeer::take(Opcode opcode, std::string_view bytes) {
  switch (opcode) {
    case Opcode::text: return heard_.push_back(read_message(bytes));
    case Opcode::binary: {
      if (encoding_ == Encoding::json) throw std::runtime_error{"a binary message in a JSON session"};
      std::vector<Heard> records = read_records(bytes);
      largest_batch = std::max(largest_batch, records.size());
      return std::ranges::move(records, std::back_inserter(heard_)), void();
    }
    case Opcode::ping:
      ++pings;
      if (answers_pings) frame(Opcode::pong, bytes, true, bytes.size());
      return;
    case Opcode::pong: return;
    case Opcode::close: return heard_.push_back(ended(bytes));
    default: throw std::runtime_error{"an unknown frame from the relay"};
  }
}

Heard WirePeer::ended(std::string_view bytes) {
  over_ = true;
  Heard closed{"closed", {}, {}, 1005};
  const auto at = [bytes](std::size_t i) { return static_cast<unsigned>(static_cast<std::uint8_t>(bytes[i])); };
  if (bytes.size() >= 2) closed.close_code = at(0) << 8 | at(1);
  frame(Opcode::close, bytes, true, bytes.size());
  if (hangs_up) {
    tls_.read_all();
    tls_.drop();
  }
  return closed;
}

Heard WirePeer::hear() {
  while (heard_.empty()) {
    if (over_ || !read_frame()) return Heard{"gone", {}, {}, 0};
  }
  Heard first = std::move(heard_.front());
  heard_.pop_front();
  return first;
}

Heard WirePeer::expect(std::string_view type) {
  Heard heard = hear();
  if (heard.type != type) unexpected(type, heard);
  return heard;
}

Heard WirePeer::skip_to(std::string_view type) {
  for (;;) {
    Heard heard = hear();
    if (heard.type == type) return heard;
    if (heard.type == "closed" || heard.type == "gone") unexpected(type, heard);
  }
}

Heard WirePeer::expect_closing(std::string_view reason, unsigned code) {
  Heard closing = expect("closing");
  if (closing.text("reason") != reason) unexpected(reason, closing);
  const Heard closed = expect("closed");
  if (closed.close_code != code) unexpected("close code " + std::to_string(code), closed);
  return closing;
}

MessageId new_id() {
  MessageId id;
  RAND_bytes(id.bytes.data(), static_cast<int>(id.bytes.size()));
  return id;
}

Recipient invited(const DeviceKey& recipient, const InviteFields& fields) {
  return {recipient.address(), make_invite(recipient, fields)};
}

Recipient invited_anonymously(const DeviceKey& recipient, InviteFields fields) {
  fields.flags |= 1;
  return invited(recipient, fields);
}

Mail mail_to(Recipient recipient, std::string payload) {
  Mail mail;
  mail.id = new_id();
  mail.to.push_back(std::move(recipient));
  mail.payload = std::move(payload);
  return mail;
}

}  // namespace lethe::peer
