#pragma once
// The embedded engine: mailboxes in memory, one instance (a shard) a thread. Every answer comes within the call.
//
// Decisions beyond lethe/mailbox/mailboxes.hpp:
// - Decision order of `put`, for each recipient: repeated in this send, admission, recognised as a repeated send, the
//   invite's rate, offline (ttl 0), the mailbox's limits, the sender's share, the relay's budget, mailboxes known. A send
//   that is recognised costs no rate: it must be answered as the first one was.
// - Repeated means: same id, same mailbox, and queued or acknowledged within MailboxLimits::dedupe. After an expiry, a
//   displacement, a recall or a purge the same id is a new message.
// - A void invite to a mailbox that takes anyone is as none. Its owner needs no invite.
// - A topic's new message may take the place of the old one in a full mailbox.
// - A ttl-0 message ends MessageLimits::ephemeral_wait after its acceptance or with the session, delivered or not.
// - MailboxLimits::messages counts messages; receipts have a limit of their own (MailboxLimits::receipts). A receipt is
//   dropped without trace only where its sender's mailbox has been forgotten and the relay knows too many to make it anew.
// - `missed` counts receipts too, and a purge as displacements. Tally counts messages only, but for the gauges.
// - An empty mailbox of an absent device is remembered for MailboxLimits::memory after it emptied or its device left; one
//   whose device never came and that missed nothing is forgotten at once. A forgotten mailbox's seq does not start over.
//   Where the relay knows too many, a device that opens its own takes the place of one that has rested long; a send does not.
// - At most MailboxLimits::revoked labels are kept of an announcement; the session refuses a longer list before.
//
// A Correspondent must live until it has been told `replaced` or has called `close`. Callbacks come at the end of a call,
// when the engine may be called again from within them; Sink's come within the pull and must not call the engine.
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include <lethe/mailbox/mailboxes.hpp>

#include "mailbox/acknowledged_ids.hpp"
#include "mailbox/attachments.hpp"
#include "mailbox/depot.hpp"
#include "mailbox/invite_rates.hpp"
#include "mailbox/receipt_route.hpp"

namespace lethe::mailbox {

// What waits in one mailbox, what is in flight included; receipts are no messages.
struct Waiting {
  std::uint64_t messages = 0;
  ByteCount bytes = 0;   // of their payloads
};

class MemoryMailboxes final : public Mailboxes {
 public:
  // Steps of the expiry wheel, and entries of each memory, that one sweep handles at most.
  static constexpr std::uint32_t sweep_budget = 20'000;

  // The references must outlive the engine. `budget` is shared with the other shards.
  MemoryMailboxes(const Limits& limits, RelayBudget& budget, const KeyedHash& key, Tally& tally, ReceiptRoute& route);

  void open(const Address& device, const Announcement& announcement, Correspondent& session, Instant now) override;
  void close(Attachment attachment, Instant now) override;
  void announce(Attachment attachment, const Announcement& announcement, Instant now) override;
  void put(Ticket ticket, Submission submission, std::span<const Recipient> recipients, Correspondent& session,
           Instant now) override;
  bool pull(Attachment attachment, Sink& sink, Instant now) override;
  void acknowledge(Attachment attachment, Seq up_to, std::span<const Seq> seqs, Instant now) override;
  void recall(Ticket ticket, const MessageId& id, const Address& device, std::span<const SenderKey> senders,
              Correspondent& session, Instant now) override;
  std::uint64_t purge(const Address& device, Instant now) override;
  void sweep(Instant now) override;
  Occupancy occupancy() const override { return depot_.occupancy(); }

  // Nothing for a mailbox that is not known; asking does not make it known.
  Waiting waiting(const Address& device) const;

  // Puts a receipt into its sender's mailbox, which this engine holds.
  void deposit(const Address& to, const Receipt& receipt, Instant now);

  // Recomputes every count and link and compares. Slow; for tests.
  bool consistent() const { return depot_.consistent(); }
  std::size_t acknowledged_ids() const noexcept { return acknowledged_.size(); }

 private:
  // They read out and fill an engine in a hand-over (mailbox/moved.hpp).
  friend class Departure;
  friend class Arrival;
  enum class Leaving { acknowledged, expired, displaced, recalled, evicted };
  enum class Step { again, end, more };
  struct Admission;
  // A submission to one of its recipients, and what both are found by.
  struct Offer {
    const Submission& submission;
    const Recipient& recipient;
    std::uint64_t address_hash;
    std::uint64_t hash;        // of the message in this mailbox
  };
  struct Outgoing {
    Address to;
    Receipt receipt;
  };

  // memory_mailboxes_put.cpp
  Verdict decide(const Submission& submission, const Recipient& recipient, bool several, Instant now);
  Verdict accept(std::uint32_t mailbox, const Offer& offer, const Grant* grant, Instant now);
  Admission admit(std::uint32_t mailbox, const Recipient& recipient) const noexcept;
  std::optional<Verdict> repeated(std::uint32_t mailbox, const Offer& offer, seconds ttl, Instant now);
  Verdict store(std::uint32_t mailbox, const Offer& offer, seconds ttl, Instant now);
  Refusal room(std::uint32_t mailbox, const Offer& offer, std::uint32_t instead);
  std::uint32_t to_displace(std::uint32_t mailbox, const Recipient& recipient, Instant now);
  void queue(std::uint32_t mailbox, const Offer& offer, seconds ttl, Instant now);

  // memory_mailboxes_receive.cpp
  Step pull_one(std::uint32_t mailbox, Sink& sink, Instant now);
  bool hand_over(std::uint32_t entry, Sink& sink);
  bool window_allows(const Mailbox& mailbox, const Envelope& next) const noexcept;
  bool ready(const Mailbox& mailbox) const noexcept;
  void notice(Mailbox& mailbox);

  void apply(Mailbox& mailbox, const Announcement& announcement);
  void end_session(std::uint32_t mailbox, Instant now);
  void leave(std::uint32_t entry, Leaving why, Instant now);
  void leave(std::uint32_t entry, std::uint64_t hash, Leaving why, Instant now);
  void count_leaving(Leaving why) noexcept;
  void settle(std::uint32_t mailbox, Instant now);
  bool make_room_for_receipt(std::uint32_t mailbox, Instant now);
  void flush(Instant now);

  const Limits& limits_;
  RelayBudget& budget_;
  KeyedHash key_;
  Tally& tally_;
  ReceiptRoute& route_;
  Depot depot_;
  Attachments attachments_;
  AcknowledgedIds acknowledged_;
  InviteRates rates_;
  const Mailbox unknown_{};            // stands for every mailbox that is not known

  std::vector<Attachment> wakes_;      // to be told at the end of the call
  std::vector<Outgoing> outgoing_;     // receipts, likewise
  // Memory kept from call to call.
  std::vector<Verdict> verdicts_;
  std::vector<std::uint32_t> landed_;
  std::vector<std::uint64_t> hashes_;
  boost::unordered_flat_set<std::uint64_t> seen_;
};

}  // namespace lethe::mailbox
