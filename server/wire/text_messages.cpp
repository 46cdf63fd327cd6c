#include "wire/text_messages.hpp"

#include <algorithm>
#include <limits>

#include "base/base64url.hpp"
#include "wire/json_fields.hpp"
#include "wire/topic.hpp"

namespace lethe::wire {
namespace {

Fault malformed(std::string_view detail, const std::optional<MessageId>& id = {}) {
  return {ErrorCode::malformed, detail, id};
}

bool read_announcement(const Json& object, const MailboxLimits& limits, mailbox::Announcement& announcement) {
  if (field(object, "senders") != nullptr) {
    const std::string_view senders = text_field(object, "senders");
    if (senders != "anyone" && senders != "invited") return false;
    announcement.anyone = senders == "anyone";
  }
  const Json* const revoked = field(object, "revoked");
  return optional(object, "generation", announcement.generation) &&
         (revoked == nullptr || read_list(*revoked, limits.revoked, announcement.revoked.emplace())) &&
         optional(object, "window", announcement.window) && announcement.window != 0U &&
         optional(object, "min_urgency", announcement.min_urgency);
}

// Longer lifetimes than the relay grants are shortened later; here the number only has to fit.
bool read_ttl(const Json& object, std::optional<seconds>& ttl) {
  ttl.reset();
  std::optional<std::uint64_t> number;
  if (!optional(object, "ttl", number)) return false;
  if (number) ttl = seconds{std::min<std::uint64_t>(*number, std::numeric_limits<std::uint32_t>::max())};
  return true;
}

std::optional<Fault> read_recipients(const Json& object, std::size_t most, Send& send) {
  const Json* const to = field(object, "to");
  if (to == nullptr || !to->is_array() || to->empty()) return malformed("A send needs a recipient.", send.id);
  if (to->size() > most) return Fault{ErrorCode::too_many_recipients, "The send has too many recipients.", send.id};
  send.to.resize(to->size());
  std::size_t next = 0;
  for (const Json& recipient : *to) {
    SendTo& out = send.to[next++];
    out.invite.reset();
    if (!recipient.is_object() || !required(recipient, "device", out.device)) {
      return malformed("A recipient is an object with the address of a device.", send.id);
    }
    if (!optional(recipient, "invite", out.invite)) return malformed("An invite has 92 bytes.", send.id);
  }
  return std::nullopt;
}

std::optional<Fault> read_payload(const TextScan& scan, const MessageLimits& limits, Send& send) {
  if (!scan.has_payload || scan.payload_fields != 1) return malformed("A send needs one payload.", send.id);
  if (!scan.payload_is_base64url) return malformed("The payload is not base64url without padding.", send.id);
  const std::size_t size = base64url::decoded_size(scan.letters.size());
  if (size > limits.payload) return Fault{ErrorCode::too_large, "The payload is too large.", send.id};
  const auto* const text = reinterpret_cast<const std::uint8_t*>(scan.letters.data());
  send.payload = PayloadSource{{text, scan.letters.size()}, size, Encoding::json};
  return std::nullopt;
}

}  // namespace

std::optional<Fault> read_auth(const Json& object, const MailboxLimits& limits, Auth& auth) {
  if (!required(object, "device", auth.device)) return malformed("The device is not an address.");
  if (!required(object, "signature", auth.signature)) return malformed("The signature has 64 bytes.");
  if (!optional(object, "admission", auth.admission)) return malformed("The admission is a string.");
  if (!optional(object, "epoch", auth.epoch)) return malformed("An epoch has 16 hex digits.");
  auth.exporter_bound = field(object, "binding") != nullptr;
  if (auth.exporter_bound && text_field(object, "binding") != "tls-exporter") {
    return malformed("The only binding is tls-exporter.");
  }
  const Json* const announced = field(object, "mailbox");
  if (announced != nullptr && (!announced->is_object() || !read_announcement(*announced, limits, auth.mailbox))) {
    return malformed("The mailbox has a field that is not as the protocol says.");
  }
  return std::nullopt;
}

std::optional<Fault> read_send(const Json& object, const TextScan& scan, const MessageLimits& limits, Send& send) {
  if (!required(object, "id", send.id)) return malformed("An id has 16 bytes.");
  send.urgency = mailbox::Urgency::normal;
  send.receipt = false;
  send.topic.clear();
  if (!read_ttl(object, send.ttl)) return malformed("A ttl is a whole number of seconds.", send.id);
  if (!optional(object, "urgency", send.urgency)) return malformed("The urgency is unknown.", send.id);
  if (!optional(object, "receipt", send.receipt)) return malformed("The field receipt is true or false.", send.id);
  if (!optional(object, "topic", send.topic) || (field(object, "topic") != nullptr && !is_topic(send.topic))) {
    return malformed("A topic is 1 to 32 letters, digits, - or _.", send.id);
  }
  if (std::optional<Fault> fault = read_recipients(object, limits.recipients, send)) return fault;
  return read_payload(scan, limits, send);
}

std::optional<Fault> read_ack(const Json& object, Ack& ack) {
  ack.up_to = 0;
  ack.seqs.clear();
  const Json* const seqs = field(object, "seqs");
  if (seqs == nullptr && field(object, "up_to") == nullptr) return malformed("An ack names up_to or seqs.");
  if (!optional(object, "up_to", ack.up_to)) return malformed("The field up_to is a sequence number.");
  if (seqs != nullptr && !read_list(*seqs, seqs->size(), ack.seqs)) return malformed("The field seqs holds sequence numbers.");
  return std::nullopt;
}

std::optional<Fault> read_recall(const Json& object, Recall& recall) {
  if (!required(object, "id", recall.id)) return malformed("An id has 16 bytes.");
  if (!required(object, "device", recall.device)) return malformed("The device is not an address.", recall.id);
  return std::nullopt;
}

std::optional<Fault> read_mailbox(const Json& object, const MailboxLimits& limits, MailboxChange& change) {
  if (read_announcement(object, limits, change.mailbox)) return std::nullopt;
  return malformed("The mailbox has a field that is not as the protocol says.");
}

}  // namespace lethe::wire
