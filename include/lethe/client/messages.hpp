#pragma once
// The messages of the wire as a client sees them (docs/protocol.md). Times are Unix milliseconds.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <lethe/base/ids.hpp>
#include <lethe/base/time.hpp>
#include <lethe/client/bytes.hpp>
#include <lethe/client/invite.hpp>

namespace lethe::client {

enum class Encoding { binary, json };
enum class Urgency : std::uint8_t { very_low, low, normal, high };

// From the relay.
struct RelayLimits {
  std::uint64_t payload = 65'536;
  std::uint64_t recipients = 1'024;
  std::uint64_t ttl = 1'209'600;
  std::uint64_t window = 256;
};
struct Hello {
  std::string relay;
  Nonce nonce;
  Epoch epoch{};
  std::uint64_t time = 0;
  RelayLimits limits;
};
struct Missed {
  std::uint64_t expired = 0, displaced = 0, recalled = 0;
};
struct Ready {
  Epoch epoch{};
  std::uint64_t queued = 0, queued_bytes = 0;
  Missed missed;
  bool continuous = true;  // false: what was undelivered before is gone
};
struct CaughtUp {
  Epoch epoch{};
};
struct Delivery {
  Seq seq = 0;
  MessageId id;
  std::uint64_t received = 0, expires = 0;
  bool redelivered = false;
  Bytes payload;
};
enum class RefusalCode : std::uint8_t {
  not_invited = 1, invite_expired, mailbox_full, relay_full, offline, rate_limited, duplicate_recipient
};
struct Refusal {
  Address device;
  RefusalCode code{};
  std::optional<seconds> retry_after;
};
struct Sent {
  MessageId id;
  seconds ttl{};
  std::uint32_t accepted = 0;
  std::vector<Refusal> refused;
};
// `lost` is not of the wire: the relay restarted before delivery, and refused the message when it was sent again.
enum class ReceiptStatus : std::uint8_t { lost, delivered, expired, displaced, evicted };
struct Receipt {
  Seq seq = 0;
  MessageId id;
  Address device;
  ReceiptStatus status{};
};
enum class RecallStatus : std::uint8_t { wiped, in_flight, unknown };
struct Recalled {
  MessageId id;
  Address device;
  RecallStatus status{};
};
struct ErrorReply {
  std::string code, detail;
  std::optional<MessageId> id;
  std::optional<seconds> retry_after;
};
struct Closing {
  std::string reason;
  std::optional<seconds> retry_after;
};
struct Pong {
  std::uint64_t time = 0;
};
struct Unknown {};  // of a later version: ignored
using FromRelay =
    std::variant<Hello, Ready, CaughtUp, Delivery, Sent, Receipt, Recalled, ErrorReply, Closing, Pong, Unknown>;

// To the relay.
struct MailboxSettings {
  std::optional<bool> anyone;                    // senders: anyone or invited
  std::optional<std::uint32_t> generation;       // raising it revokes every invite below
  std::optional<std::vector<InviteLabel>> revoked;
  std::optional<std::uint32_t> window;           // messages in flight
  std::optional<Urgency> min_urgency;            // what is less urgent waits
  bool empty() const { return !anyone && !generation && !revoked && !window && !min_urgency; }
};
struct Auth {
  Address device;
  Signature signature;
  std::string admission;                         // JWT; empty: none
  bool bound = false;                            // "binding":"tls-exporter"
  MailboxSettings mailbox;
  std::optional<Epoch> epoch;
};
struct Recipient {
  Address device;
  std::optional<InviteBytes> invite;
};
struct Send {
  MessageId id;
  std::vector<Recipient> to;
  Bytes payload;
  seconds ttl{604'800};
  Urgency urgency = Urgency::normal;
  std::string topic;                             // 1–32 of A–Z a–z 0–9 - _; empty: none
  bool receipt = false;
};
struct Ack {
  Seq up_to = 0;                                 // 0: none
  std::vector<Seq> seqs;                         // at most 65,535
  bool empty() const { return up_to == 0 && seqs.empty(); }
};
struct Recall {
  MessageId id;
  Address device;
};
struct Ping {};

// The protocol's words, such as `mailbox_full`, `very-low`, `delivered`.
std::string_view name_of(RefusalCode code) noexcept;
std::string_view name_of(Urgency urgency) noexcept;
std::string_view name_of(ReceiptStatus status) noexcept;
std::optional<Urgency> urgency_named(std::string_view name) noexcept;

}  // namespace lethe::client
