#include <cstdio>

#include <nlohmann/json.hpp>

#include <lethe/client/base64url.hpp>

#include "client/wire_json.hpp"

namespace lethe::client {

namespace {
using nlohmann::json;

Bytes dump(const json& message) {
  auto text = message.dump();
  Bytes bytes(text.begin(), text.end());
  wipe_memory(text.data(), text.size());
  return bytes;
}

std::string epoch_text(Epoch epoch) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(epoch));
  return digits;
}

json mailbox_fields(const MailboxSettings& settings) {
  auto fields = json::object();
  if (settings.anyone) fields["senders"] = *settings.anyone ? "anyone" : "invited";
  if (settings.generation) fields["generation"] = *settings.generation;
  if (settings.revoked) {
    fields["revoked"] = json::array();
    for (const auto& label : *settings.revoked) fields["revoked"].push_back(to_base64url(label.bytes));
  }
  if (settings.window) fields["window"] = *settings.window;
  if (settings.min_urgency) fields["min_urgency"] = name_of(*settings.min_urgency);
  return fields;
}
}  // namespace

Bytes to_json(const Auth& auth) {
  json message{{"type", "auth"}, {"device", to_base64url(auth.device.bytes)}, {"signature", to_base64url(auth.signature.bytes)}};
  if (!auth.admission.empty()) message["admission"] = auth.admission;
  if (auth.bound) message["binding"] = "tls-exporter";
  if (!auth.mailbox.empty()) message["mailbox"] = mailbox_fields(auth.mailbox);
  if (auth.epoch) message["epoch"] = epoch_text(*auth.epoch);
  return dump(message);
}

Bytes to_json(const MailboxSettings& changes) {
  auto message = mailbox_fields(changes);
  message["type"] = "mailbox";
  return dump(message);
}

Bytes to_json(const Send& send) {
  auto to = json::array();
  for (const auto& recipient : send.to) {
    json entry{{"device", to_base64url(recipient.device.bytes)}};
    if (recipient.invite) entry["invite"] = to_base64url(*recipient.invite);
    to.push_back(std::move(entry));
  }
  json message{{"type", "send"},
               {"id", to_base64url(send.id.bytes)},
               {"to", std::move(to)},
               {"payload", to_base64url(send.payload)},
               {"ttl", send.ttl.count()},
               {"urgency", name_of(send.urgency)},
               {"receipt", send.receipt}};
  if (!send.topic.empty()) message["topic"] = send.topic;
  return dump(message);
}

Bytes to_json(const Ack& ack) {
  json message{{"type", "ack"}};
  if (ack.up_to != 0) message["up_to"] = ack.up_to;
  if (!ack.seqs.empty()) message["seqs"] = ack.seqs;
  return dump(message);
}

Bytes to_json(const Recall& recall) {
  return dump({{"type", "recall"}, {"id", to_base64url(recall.id.bytes)}, {"device", to_base64url(recall.device.bytes)}});
}

Bytes to_json(const Ping&) { return dump({{"type", "ping"}}); }

}  // namespace lethe::client
