#pragma once
// The engine's structures and their bookkeeping: records, lanes, indexes, the wheel and every count. It knows no rule of
// delivery or admission; what it guarantees is that each operation leaves everything in step. One thread.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include <lethe/base/limits.hpp>
#include <lethe/mailbox/mailboxes.hpp>

#include "base/keyed_hash.hpp"
#include "base/tally.hpp"
#include "mailbox/expiry_wheel.hpp"
#include "mailbox/indexes.hpp"
#include "mailbox/mailbox.hpp"
#include "mailbox/relay_budget.hpp"
#include "mailbox/rest_list.hpp"

namespace lethe::mailbox {

class Depot {
 public:
  Depot(const Limits& limits, RelayBudget& budget, const KeyedHash& key, Tally& tally);
  ~Depot();   // overwrites what is left
  Depot(const Depot&) = delete;
  Depot& operator=(const Depot&) = delete;

  Mailbox& mailbox(std::uint32_t index) noexcept { return mailboxes_[index]; }
  const Mailbox& mailbox(std::uint32_t index) const noexcept { return mailboxes_[index]; }
  Envelope& envelope(std::uint32_t index) noexcept { return envelopes_[index]; }
  const Envelope& envelope(std::uint32_t index) const noexcept { return envelopes_[index]; }
  // nullptr where the entry has none. Valid until the next `add`.
  const EnvelopeExtra* extra(std::uint32_t entry) const;
  ExpiryWheel& wheel() noexcept { return wheel_; }

  std::uint64_t hash(const Address& address) const noexcept { return key_(address.bytes); }
  // Of a message to the mailbox whose address has this hash.
  std::uint64_t hash(std::uint64_t mailbox, const MessageId& id) const noexcept { return message_hash(key_, mailbox, id); }
  // Of an entry that is queued.
  std::uint64_t hash(const Envelope& entry) const noexcept { return hash(mailboxes_[entry.mailbox].hash, entry.id); }
  std::uint32_t find(const Address& address, std::uint64_t hash) const;
  std::uint32_t find(const Address& address) const { return find(address, hash(address)); }
  // kNone where the relay knows too many. The caller gives it an entry or a session at once.
  std::uint32_t create(const Address& address, std::uint64_t hash);
  std::uint32_t create(const Address& address) { return create(address, hash(address)); }
  // Lets a mailbox without entries and session rest, or forgets it where nothing of it must be remembered.
  void rest(std::uint32_t mailbox, Monotonic now);
  // The same with a time that was given elsewhere, which is not before that of any other.
  void rest_until(std::uint32_t mailbox, std::int64_t forget_at);
  void wake(std::uint32_t mailbox) noexcept;
  // Forgets a mailbox that rests before its time; false where none does. Of those that have rested longest it takes one of
  // which nothing but its being known is lost, if there is one.
  bool forget_one();
  // Forgets at most `budget` mailboxes that have rested long enough; returns memory of the indexes.
  void age(Monotonic now, std::uint32_t budget);

  std::uint32_t find_message(std::uint32_t mailbox, const MessageId& id, std::uint64_t hash) const;
  std::uint32_t find_message(std::uint32_t mailbox, const MessageId& id) const {
    return find_message(mailbox, id, hash(mailboxes_[mailbox].hash, id));
  }
  // The undelivered message with that topic, or kNone.
  std::uint32_t find_topic(std::uint32_t mailbox, TopicKey topic) const;
  // Queues an entry; the relay's budget has been charged for it. Fills in seq, mailbox and received. `hash`: of a message.
  std::uint32_t add(std::uint32_t mailbox, Envelope&& envelope, const std::optional<EnvelopeExtra>& extra, std::uint64_t hash,
                    Instant now);
  // Queues one that has waited elsewhere, with the seq, `received` and `delivered` that it had: behind what its lane holds, in
  // the order of lanes (mailbox/lane.hpp).
  std::uint32_t restore(std::uint32_t mailbox, Envelope&& envelope, const std::optional<EnvelopeExtra>& extra, std::uint64_t hash,
                        Monotonic now);
  // Removes an entry from everything, releases its charge and overwrites it. `hash`: of a message.
  void remove(std::uint32_t entry, std::uint64_t hash) noexcept;

  // The entry that is next by order and urgency, or kNone. It may have expired.
  std::uint32_t candidate(const Mailbox& mailbox) const noexcept;
  // Takes the entry from its lane into flight.
  void depart(std::uint32_t entry, Monotonic now);
  // Takes entries out of flight, to be removed next: the first `count`, or the one at `position`. Appends them to `landed`.
  void land_first(Mailbox& mailbox, std::size_t count, std::vector<std::uint32_t>& landed);
  void land(Mailbox& mailbox, std::size_t position, std::vector<std::uint32_t>& landed);
  // Puts everything in flight back into the lanes, first.
  void bring_back(Mailbox& mailbox) noexcept;

  // The last entry of the lane, or kNone.
  std::uint32_t last(const Lane& lane) const noexcept { return lane.last(envelopes_); }
  // The receipt that has waited longest without being delivered once, or kNone.
  std::uint32_t oldest_waiting_receipt(const Mailbox& mailbox) const noexcept;
  // Appends every entry of the mailbox.
  void collect(const Mailbox& mailbox, std::vector<std::uint32_t>& entries) const;
  // Every mailbox: first those that hold something or have a session, then those that rest, in the order of their end.
  std::vector<std::uint32_t> known() const;
  // Where the seq of a mailbox begins that is not known.
  Seq seq_floor() const noexcept { return seq_floor_; }
  void raise_seq_floor(Seq least) noexcept { seq_floor_ = std::max(seq_floor_, least); }

  // Whether a sender that holds `held` may add a message of `bytes`.
  bool share_allows(SenderShare held, ByteCount bytes) const noexcept;
  // The same for `sender` in this mailbox, once `instead` (or kNone) is gone.
  bool share_allows(Mailbox& mailbox, SenderKey sender, ByteCount bytes, std::uint32_t instead);

  Occupancy occupancy() const noexcept;
  // Recomputes everything and compares. Slow; for tests.
  bool consistent() const;

 private:
  struct Recount;
  bool consistent(std::uint32_t mailbox, Recount& recount) const;
  bool consistent_lane(std::uint32_t mailbox, const Lane& lane, Recount& recount) const;
  bool consistent_entry(std::uint32_t mailbox, std::uint32_t entry, Recount& recount) const;
  bool consistent_shares(const Mailbox& mailbox) const;

  void forget(std::uint32_t mailbox) noexcept;
  void forget_extra(std::uint32_t entry) noexcept;
  std::uint32_t share_messages() const noexcept;
  ByteCount share_bytes() const noexcept;
  void track_shares(Mailbox& mailbox);
  void untrack_shares(Mailbox& mailbox, const Envelope& envelope) noexcept;
  template <class Visit>
  void visit_entries(const Mailbox& mailbox, Visit&& visit) const;

  const Limits& limits_;
  RelayBudget& budget_;
  const KeyedHash& key_;
  Tally& tally_;
  EnvelopePool envelopes_;
  MailboxPool mailboxes_;
  AddressIndex addresses_;
  MessageIndex messages_;
  boost::unordered_flat_map<TopicSlot, std::uint32_t, TopicSlotHash> topics_;
  boost::unordered_flat_map<std::uint32_t, EnvelopeExtra> extras_;
  ExpiryWheel wheel_;
  RestList resting_;
  ByteCount bytes_ = 0;
  Seq seq_floor_ = 1;   // a forgotten mailbox that comes back goes on from here, so that seq never repeats in an epoch
};

template <class Visit>
void Depot::visit_entries(const Mailbox& mailbox, Visit&& visit) const {
  const auto visit_lane = [&](const Lane& lane) {
    for (std::uint32_t entry = lane.head; entry != kNone; entry = lane.after(envelopes_, entry)) visit(entry);
  };
  for (const Lane& lane : mailbox.messages) visit_lane(lane);
  if (mailbox.extra != nullptr) {
    for (const Lane& lane : mailbox.extra->receipts) visit_lane(lane);
  }
  if (mailbox.session == nullptr) return;
  for (const InFlight::Entry& entry : mailbox.session->in_flight.entries()) visit(entry.envelope);
}

}  // namespace lethe::mailbox
