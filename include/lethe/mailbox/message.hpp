#pragma once
// What goes into a mailbox and what comes out of it. Source: docs/protocol.md, «Sending» and «Receiving».
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <lethe/base/ids.hpp>
#include <lethe/base/limits.hpp>
#include <lethe/base/time.hpp>
#include <lethe/mailbox/payload.hpp>

namespace lethe::mailbox {

enum class Urgency : std::uint8_t { very_low, low, normal, high };

// Why a recipient's mailbox did not take a message; the numbers are the wire's. 0: accepted.
enum class Refusal : std::uint8_t {
  none, not_invited, invite_expired, mailbox_full, relay_full, offline, rate_limited, duplicate_recipient
};

// What became of a message that asked for a receipt; the numbers are the wire's.
enum class Fate : std::uint8_t { delivered = 1, expired, displaced, evicted };

enum class RecallStatus : std::uint8_t { wiped, in_flight, unknown };

// A keyed hash of the sending device's address or of the invite that was used: who sent it, without saying who. Never 0
// but for «nobody».
enum class SenderKey : std::uint64_t {};

// A keyed hash of a sender's topic; 0 means the message has none.
enum class TopicKey : std::uint64_t {};

// What a verified, unexpired invite allows (its signature was checked by identity).
struct Grant {
  std::uint32_t generation = 0;
  InviteLabel label{};
  bool anonymous = false;         // usable by anonymous sessions
  bool this_epoch_only = false;   // valid only while the mailbox is known in this epoch
  seconds max_ttl{0};             // 0: no cap
  std::uint16_t rate = 0;         // messages an hour; 0: no cap
  std::uint64_t key = 0;          // keyed hash of the invite, for its rate
};

struct Recipient {
  Address device;
  SenderKey sender{};             // the session's device, or this recipient's invite in an anonymous session
  TopicKey topic{};               // keyed hash of (sender, topic)
  bool authenticated = false;     // false: an anonymous session
  bool own = false;               // `device` is the authenticated sender itself: it needs no invite
  std::optional<Grant> grant;     // absent: no invite was given
};

// One send. The payload is stored once; each accepted recipient's envelope holds a reference.
class Submission {
 public:
  MessageId id;
  Payload payload;
  seconds ttl{0};                 // already within MessageLimits::ttl; 0: now or not at all
  Urgency urgency = Urgency::normal;
  std::optional<Address> receipt_to;   // the sending device, where it asked for a receipt

  Payload share_payload() const noexcept { return payload.share(ShareKey{}); }
};

// The decision on one recipient.
struct Verdict {
  Refusal refusal = Refusal::none;
  seconds retry_after{0};         // 0: none is known
  seconds ttl{0};                 // granted
};

// One message on its way out, as the encoder sees it; valid during the call that hands it over.
struct Delivery {
  Seq seq = 0;
  const MessageId& id;
  Wall received;
  Wall expires;
  bool redelivered = false;
  const Payload& payload;
};

// One receipt on its way out; the same lifetime.
struct ReceiptDelivery {
  Seq seq = 0;
  const MessageId& id;
  const Address& device;          // the recipient that it speaks of
  Fate fate = Fate::delivered;
};

// What left a mailbox unacknowledged since its device's previous session.
struct Missed {
  std::uint64_t expired = 0;
  std::uint64_t displaced = 0;
  std::uint64_t recalled = 0;
};

// What a device says of its mailbox, in `auth` or later; an absent field stays as it was.
struct Announcement {
  std::optional<bool> anyone{};                        // senders: anyone (true) or invited (false)
  std::optional<std::uint32_t> generation{};           // invites below it are void; never goes down
  std::optional<std::vector<InviteLabel>> revoked{};   // replaces the list
  std::optional<std::uint32_t> window{};               // messages; capped by MailboxLimits::window, at least 1
  std::optional<Urgency> min_urgency{};
};

}  // namespace lethe::mailbox
