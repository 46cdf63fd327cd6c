#pragma once
// The record of one mailbox. What only some have stands behind pointers, so that one of an absent device takes 120 bytes and
// its place in the index (about 8).
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <lethe/mailbox/mailboxes.hpp>

#include "mailbox/in_flight.hpp"
#include "mailbox/lane.hpp"
#include "mailbox/sender_shares.hpp"

namespace lethe::mailbox {

// While a session is attached.
struct OpenSession {
  Attachment attachment;
  Correspondent* correspondent = nullptr;
  InFlight in_flight;
  Seq backlog_end = 0;           // entries below it waited when the session opened
  std::uint32_t ephemerals = 0;  // waiting or in flight
  bool caught_up = false;        // has been said
  bool woken = true;             // has been told to pull, and has not yet; the first pull comes by itself
};

// What few mailboxes have.
struct MailboxExtra {
  Missed missed;
  std::vector<InviteLabel> revoked;
  std::unique_ptr<SenderShares> shares;
  std::array<Lane, 4> receipts;          // by urgency
  std::uint32_t receipt_count = 0;       // in flight included

  bool nothing_missed() const noexcept { return missed.expired + missed.displaced + missed.recalled == 0; }
  bool needless() const noexcept {
    return nothing_missed() && revoked.empty() && shares == nullptr && receipt_count == 0;
  }
};

struct Mailbox {
  Address address;
  std::uint64_t hash = 0;                // of the address
  Seq next_seq = 1;
  ByteCount bytes = 0;                   // payload bytes of all entries
  std::unique_ptr<OpenSession> session;
  std::unique_ptr<MailboxExtra> extra;
  std::array<Lane, 4> messages;          // by urgency
  std::uint32_t entries = 0;             // messages and receipts, waiting and in flight
  std::uint32_t generation = 0;
  std::int64_t forget_at = 0;            // monotonic, ms; while resting
  std::uint32_t rest_next = kNone;       // in the list of resting mailboxes, a ring
  std::uint32_t rest_previous = kNone;
  std::uint16_t window = 0;              // messages; 0: the default
  Urgency min_urgency = Urgency::very_low;
  bool anyone = false;
  bool known = false;                    // its device has opened it in this epoch

  bool resting() const noexcept { return rest_next != kNone; }
  std::uint32_t receipt_count() const noexcept { return extra == nullptr ? 0 : extra->receipt_count; }
  std::uint32_t message_count() const noexcept { return entries - receipt_count(); }
  MailboxExtra& need_extra() {
    if (extra == nullptr) extra = std::make_unique<MailboxExtra>();
    return *extra;
  }
  Lane& lane_of(const Envelope& envelope) {
    return envelope.receipt != 0 ? need_extra().receipts[envelope.urgency] : messages[envelope.urgency];
  }
};
static_assert(sizeof(Mailbox) <= 120);

using MailboxPool = ChunkPool<Mailbox, 1'024>;

}  // namespace lethe::mailbox
