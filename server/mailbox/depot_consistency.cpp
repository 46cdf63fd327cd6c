// Depot::consistent: counts everything anew, from the records up.
#include "mailbox/depot.hpp"

namespace lethe::mailbox {

struct Depot::Recount {
  std::uint64_t mailboxes = 0;
  std::uint64_t resting = 0;
  std::uint64_t entries = 0;
  std::uint64_t messages = 0;
  std::uint64_t topics = 0;
  std::uint64_t extras = 0;
  ByteCount bytes = 0;
  // of the mailbox at hand
  std::uint32_t entries_here = 0;
  std::uint32_t receipts_here = 0;
  std::uint32_t ephemerals_here = 0;
  ByteCount bytes_here = 0;
};

bool Depot::consistent() const {
  Recount recount;
  bool sound = true;
  addresses_.for_each([&](std::uint32_t index) { sound = sound && consistent(index, recount); });
  std::uint64_t resting = 0;
  std::int64_t forget_at = 0;
  for (std::uint32_t index = resting_.first(); sound && index != kNone; ++resting) {
    const Mailbox& mailbox = mailboxes_[index];
    sound = mailbox.entries == 0 && mailbox.session == nullptr && mailbox.forget_at >= forget_at;
    forget_at = mailbox.forget_at;
    index = mailbox.rest_next == resting_.first() ? kNone : mailbox.rest_next;
  }
  return sound && resting == recount.resting && recount.mailboxes == mailboxes_.size() &&
         recount.mailboxes == addresses_.size() && recount.mailboxes == tally_.mailboxes.value() &&
         recount.entries == envelopes_.size() && recount.entries == wheel_.size() &&
         recount.entries == tally_.queued_messages.value() && recount.messages == messages_.size() &&
         recount.topics == topics_.size() && recount.extras == extras_.size() && recount.bytes == bytes_ &&
         recount.bytes == tally_.queued_bytes.value();
}

bool Depot::consistent(std::uint32_t index, Recount& recount) const {
  const Mailbox& mailbox = mailboxes_[index];
  recount.entries_here = recount.receipts_here = recount.ephemerals_here = 0;
  recount.bytes_here = 0;
  for (const Lane& lane : mailbox.messages) {
    if (!consistent_lane(index, lane, recount)) return false;
  }
  if (mailbox.receipt_count() != 0) {
    for (const Lane& lane : mailbox.extra->receipts) {
      if (!consistent_lane(index, lane, recount)) return false;
    }
  }
  if (mailbox.session != nullptr) {
    Seq before = 0;
    ByteCount bytes = 0;
    for (const InFlight::Entry& at : mailbox.session->in_flight.entries()) {
      const Envelope& entry = envelopes_[at.envelope];
      if (entry.in_flight == 0 || entry.delivered == 0 || entry.seq != at.seq || at.seq <= before) return false;
      if (!consistent_entry(index, at.envelope, recount)) return false;
      before = at.seq;
      bytes += entry.bytes();
    }
    if (bytes != mailbox.session->in_flight.bytes()) return false;
    if (recount.ephemerals_here != mailbox.session->ephemerals) return false;
  }
  ++recount.mailboxes;
  recount.resting += mailbox.resting();
  recount.bytes += recount.bytes_here;
  const bool needless = mailbox.session == nullptr && mailbox.entries == 0;
  return recount.entries_here == mailbox.entries && recount.receipts_here == mailbox.receipt_count() &&
         recount.bytes_here == mailbox.bytes && needless == mailbox.resting() && mailbox.hash == hash(mailbox.address) &&
         find(mailbox.address) == index &&
         (mailbox.session != nullptr || recount.ephemerals_here == 0) && consistent_shares(mailbox);
}

bool Depot::consistent_lane(std::uint32_t mailbox, const Lane& lane, Recount& recount) const {
  bool undelivered = false;
  Seq before = 0;
  for (std::uint32_t index = lane.head; index != kNone; index = lane.after(envelopes_, index)) {
    const Envelope& entry = envelopes_[index];
    if (envelopes_[entry.next].previous != index || entry.in_flight != 0) return false;
    if (entry.delivered == 0 && !undelivered) {
      undelivered = true;
      before = 0;
    }
    if (undelivered && entry.delivered != 0) return false;
    if (entry.seq <= before || !consistent_entry(mailbox, index, recount)) return false;
    before = entry.seq;
  }
  return true;
}

bool Depot::consistent_entry(std::uint32_t mailbox, std::uint32_t index, Recount& recount) const {
  const Envelope& entry = envelopes_[index];
  ++recount.entries;
  ++recount.entries_here;
  recount.bytes_here += entry.bytes();
  recount.receipts_here += entry.receipt;
  recount.ephemerals_here += entry.ephemeral;
  recount.messages += entry.receipt == 0;
  recount.extras += entry.extra;
  const EnvelopeExtra* const beside = extra(index);
  if ((beside != nullptr) != (entry.extra != 0)) return false;
  if (beside != nullptr && beside->topic != TopicKey{} && entry.delivered == 0) {
    ++recount.topics;
    if (find_topic(mailbox, beside->topic) != index) return false;
  }
  if (entry.receipt == 0 && find_message(mailbox, entry.id) != index) return false;
  return entry.mailbox == mailbox && entry.seq < mailboxes_[mailbox].next_seq;
}

bool Depot::consistent_shares(const Mailbox& mailbox) const {
  if (mailbox.extra == nullptr || mailbox.extra->shares == nullptr) return true;
  SenderShares shares;
  visit_entries(mailbox, [&](std::uint32_t index) {
    const Envelope& entry = envelopes_[index];
    if (entry.receipt == 0) shares.add(entry.sender, entry.bytes());
  });
  return shares == *mailbox.extra->shares;
}

}  // namespace lethe::mailbox
