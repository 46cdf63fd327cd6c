#include "mailbox/depot.hpp"

#include <algorithm>

#include <lethe/base/wipe.hpp>

#include "base/check.hpp"
#include "base/mutation.hpp"

namespace lethe::mailbox {
namespace {

template <class Table>
void shrink(Table& table) {
  if (table.bucket_count() > 1'024 && table.size() < table.bucket_count() / 8) table.rehash(table.size() * 2);
}

}  // namespace

Depot::Depot(const Limits& limits, RelayBudget& budget, const KeyedHash& key, Tally& tally)
    : limits_{limits}, budget_{budget}, key_{key}, tally_{tally},
      addresses_{AddressHash{&mailboxes_}, AddressEqual{&mailboxes_}},
      messages_{MessageHash{&envelopes_, &mailboxes_, &key_}, MessageEqual{&envelopes_}}, wheel_{envelopes_}, resting_{mailboxes_} {}

Depot::~Depot() {
  std::vector<std::uint32_t> found;
  addresses_.for_each([&](std::uint32_t mailbox) { found.push_back(mailbox); });
  std::vector<std::uint32_t> entries;
  for (const std::uint32_t index : found) {
    entries.clear();
    collect(mailboxes_[index], entries);
    for (const std::uint32_t entry : entries) remove(entry, hash(envelopes_[entry]));
    wake(index);
    forget(index);
  }
}

const EnvelopeExtra* Depot::extra(std::uint32_t entry) const {
  if (envelopes_[entry].extra == 0) return nullptr;
  const auto found = extras_.find(entry);
  return found == extras_.end() ? nullptr : &found->second;
}

// The table keeps the bytes of what was erased until something else comes to stand there.
void Depot::forget_extra(std::uint32_t entry) noexcept {
  const auto found = extras_.find(entry);
  if (LETHE_KEEP(record_wipe)) wipe(&found->second, sizeof found->second);
  extras_.erase(found);
}

std::uint32_t Depot::find(const Address& address, std::uint64_t hash) const {
  const std::uint32_t* const found = addresses_.find(address, hash);
  return found == nullptr ? kNone : *found;
}

std::uint32_t Depot::create(const Address& address, std::uint64_t hash) {
  if (!budget_.add_mailbox()) return kNone;
  const std::uint32_t index = mailboxes_.create();
  Mailbox& mailbox = mailboxes_[index];
  mailbox.address = address;
  mailbox.hash = hash;
  mailbox.next_seq = seq_floor_;
  addresses_.insert(index, hash);
  tally_.mailboxes.add();
  return index;
}

void Depot::rest(std::uint32_t index, Monotonic now) {
  Mailbox& mailbox = mailboxes_[index];
  if (mailbox.resting()) return;
  if (!mailbox.known && (mailbox.extra == nullptr || mailbox.extra->nothing_missed())) {
    forget(index);
    return;
  }
  if (mailbox.extra != nullptr && mailbox.extra->needless()) mailbox.extra.reset();
  mailbox.forget_at = (now + limits_.mailbox.memory).time_since_epoch().count();
  resting_.append(index);
}

void Depot::rest_until(std::uint32_t index, std::int64_t forget_at) {
  mailboxes_[index].forget_at = forget_at;
  resting_.append(index);
}

void Depot::wake(std::uint32_t index) noexcept {
  if (mailboxes_[index].resting()) resting_.remove(index);
}

void Depot::forget(std::uint32_t index) noexcept {
  seq_floor_ = std::max(seq_floor_, mailboxes_[index].next_seq);
  addresses_.erase(index, mailboxes_[index].hash);
  mailboxes_.destroy(index);
  budget_.remove_mailbox();
  tally_.mailboxes.subtract();
}

bool Depot::forget_one() {
  constexpr int looked_at = 16;
  const std::uint32_t first = resting_.first();
  if (first == kNone) return false;
  std::uint32_t chosen = first;
  std::uint32_t next = first;
  for (int n = 0; n < looked_at; ++n) {
    const Mailbox& mailbox = mailboxes_[next];
    if (mailbox.generation == 0 && !mailbox.anyone && mailbox.extra == nullptr) {
      chosen = next;
      break;
    }
    next = mailbox.rest_next;
  }
  resting_.remove(chosen);
  forget(chosen);
  return true;
}

void Depot::age(Monotonic now, std::uint32_t budget) {
  for (; budget != 0 && resting_.first() != kNone; --budget) {
    const std::uint32_t first = resting_.first();
    if (mailboxes_[first].forget_at > now.time_since_epoch().count()) break;
    resting_.remove(first);
    forget(first);
  }
  addresses_.shrink_one();
  messages_.shrink_one();
  shrink(topics_);
  shrink(extras_);
}

std::uint32_t Depot::find_message(std::uint32_t mailbox, const MessageId& id, std::uint64_t hash) const {
  const std::uint32_t* const found = messages_.find(MessageKey{mailbox, id}, hash);
  return found == nullptr ? kNone : *found;
}

std::uint32_t Depot::find_topic(std::uint32_t mailbox, TopicKey topic) const {
  const auto found = topics_.find(TopicSlot{mailbox, topic});
  return found == topics_.end() ? kNone : found->second;
}

std::uint32_t Depot::add(std::uint32_t index, Envelope&& envelope, const std::optional<EnvelopeExtra>& extra, std::uint64_t hash,
                         Instant now) {
  envelope.seq = mailboxes_[index].next_seq++;
  envelope.received = now.wall.time_since_epoch().count();
  return restore(index, std::move(envelope), extra, hash, now.mono);
}

std::uint32_t Depot::restore(std::uint32_t index, Envelope&& envelope, const std::optional<EnvelopeExtra>& extra, std::uint64_t hash,
                             Monotonic now) {
  Mailbox& mailbox = mailboxes_[index];
  wake(index);
  const std::uint32_t entry = envelopes_.create(std::move(envelope));
  Envelope& added = envelopes_[entry];
  added.mailbox = index;
  added.extra = extra ? 1 : 0;
  mailbox.lane_of(added).append(envelopes_, entry);
  wheel_.add(entry, now);
  if (extra) {
    extras_.emplace(entry, *extra);
    if (extra->topic != TopicKey{} && added.delivered == 0) topics_[TopicSlot{index, extra->topic}] = entry;
  }

  const ByteCount bytes = added.bytes();
  ++mailbox.entries;
  mailbox.bytes += bytes;
  bytes_ += bytes;
  tally_.queued_messages.add();
  tally_.queued_bytes.add(bytes);
  if (added.ephemeral != 0) ++mailbox.session->ephemerals;
  if (added.receipt != 0) {
    ++mailbox.need_extra().receipt_count;
    return entry;
  }
  messages_.insert(entry, hash);
  if (mailbox.extra != nullptr && mailbox.extra->shares != nullptr) mailbox.extra->shares->add(added.sender, bytes);
  return entry;
}

void Depot::remove(std::uint32_t entry, std::uint64_t hash) noexcept {
  Envelope& gone = envelopes_[entry];
  Mailbox& mailbox = mailboxes_[gone.mailbox];
  const ByteCount bytes = gone.bytes();
  if (gone.in_flight != 0) {
    mailbox.session->in_flight.erase(mailbox.session->in_flight.find(gone.seq), bytes);
  } else if (gone.next != kNone) {
    mailbox.lane_of(gone).remove(envelopes_, entry);
  }
  wheel_.remove(entry);
  if (const EnvelopeExtra* const beside = extra(entry)) {
    if (beside->topic != TopicKey{} && gone.delivered == 0) topics_.erase(TopicSlot{gone.mailbox, beside->topic});
    forget_extra(entry);
  }

  --mailbox.entries;
  mailbox.bytes -= bytes;
  bytes_ -= bytes;
  tally_.queued_messages.subtract();
  tally_.queued_bytes.subtract(bytes);
  budget_.release(bytes);
  if (gone.ephemeral != 0) --mailbox.session->ephemerals;
  if (gone.receipt != 0) {
    --mailbox.extra->receipt_count;
  } else {
    messages_.erase(entry, hash);
    untrack_shares(mailbox, gone);
  }
  envelopes_.destroy(entry);
}

std::uint32_t Depot::candidate(const Mailbox& mailbox) const noexcept {
  std::uint32_t best = kNone;
  const auto consider = [&](const Lane& lane) {
    if (lane.empty()) return;
    const Envelope& head = envelopes_[lane.head];
    if (best != kNone) {
      const Envelope& other = envelopes_[best];
      const bool earlier = head.delivered != other.delivered ? head.delivered != 0 : head.seq < other.seq;
      if (!earlier) return;
    }
    best = lane.head;
  };
  for (auto urgency = static_cast<std::size_t>(mailbox.min_urgency); urgency < mailbox.messages.size(); ++urgency) {
    consider(mailbox.messages[urgency]);
    if (mailbox.receipt_count() != 0) consider(mailbox.extra->receipts[urgency]);
  }
  return best;
}

void Depot::depart(std::uint32_t entry, Monotonic now) {
  Envelope& leaving = envelopes_[entry];
  Mailbox& mailbox = mailboxes_[leaving.mailbox];
  mailbox.lane_of(leaving).remove(envelopes_, entry);
  if (leaving.delivered == 0) {
    // What has been delivered is no longer replaced by a later message of its topic.
    const EnvelopeExtra* const beside = extra(entry);
    if (beside != nullptr && beside->topic != TopicKey{}) topics_.erase(TopicSlot{leaving.mailbox, beside->topic});
  }
  leaving.delivered = 1;
  leaving.in_flight = 1;
  const auto at = static_cast<std::uint32_t>(now.time_since_epoch().count());
  mailbox.session->in_flight.add({leaving.seq, entry, at}, leaving.bytes());
}

void Depot::land_first(Mailbox& mailbox, std::size_t count, std::vector<std::uint32_t>& landed) {
  InFlight& in_flight = mailbox.session->in_flight;
  ByteCount bytes = 0;
  for (const InFlight::Entry& entry : in_flight.entries().first(count)) {
    Envelope& envelope = envelopes_[entry.envelope];
    envelope.in_flight = 0;
    bytes += envelope.bytes();
    landed.push_back(entry.envelope);
  }
  if (count != 0) in_flight.erase_first(count, bytes);
}

void Depot::land(Mailbox& mailbox, std::size_t position, std::vector<std::uint32_t>& landed) {
  InFlight& in_flight = mailbox.session->in_flight;
  const std::uint32_t entry = in_flight[position].envelope;
  Envelope& envelope = envelopes_[entry];
  envelope.in_flight = 0;
  in_flight.erase(position, envelope.bytes());
  landed.push_back(entry);
}

void Depot::bring_back(Mailbox& mailbox) noexcept {
  const auto entries = mailbox.session->in_flight.entries();
  for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
    Envelope& envelope = envelopes_[at->envelope];
    envelope.in_flight = 0;
    mailbox.lane_of(envelope).put_back(envelopes_, at->envelope);
  }
  mailbox.session->in_flight = {};
}

std::uint32_t Depot::oldest_waiting_receipt(const Mailbox& mailbox) const noexcept {
  std::uint32_t oldest = kNone;
  if (mailbox.receipt_count() == 0) return oldest;
  for (const Lane& lane : mailbox.extra->receipts) {
    const std::uint32_t entry = lane.first_undelivered(envelopes_);
    if (entry != kNone && (oldest == kNone || envelopes_[entry].seq < envelopes_[oldest].seq)) oldest = entry;
  }
  return oldest;
}

void Depot::collect(const Mailbox& mailbox, std::vector<std::uint32_t>& entries) const {
  visit_entries(mailbox, [&](std::uint32_t entry) { entries.push_back(entry); });
}

std::vector<std::uint32_t> Depot::known() const {
  std::vector<std::uint32_t> mailboxes;
  mailboxes.reserve(mailboxes_.size());
  addresses_.for_each([&](std::uint32_t mailbox) {
    if (!mailboxes_[mailbox].resting()) mailboxes.push_back(mailbox);
  });
  for (std::uint32_t mailbox = resting_.first(); mailbox != kNone;) {
    mailboxes.push_back(mailbox);
    mailbox = mailboxes_[mailbox].rest_next == resting_.first() ? kNone : mailboxes_[mailbox].rest_next;
  }
  return mailboxes;
}

std::uint32_t Depot::share_messages() const noexcept {
  const std::uint64_t share = std::uint64_t{limits_.mailbox.messages} * limits_.mailbox.sender_percent / 100;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(share, 1));
}

ByteCount Depot::share_bytes() const noexcept { return limits_.mailbox.bytes * limits_.mailbox.sender_percent / 100; }

bool Depot::share_allows(SenderShare held, ByteCount bytes) const noexcept {
  if (limits_.mailbox.sender_percent >= 100) return true;
  return held.messages < share_messages() && held.bytes + bytes <= share_bytes();
}

bool Depot::share_allows(Mailbox& mailbox, SenderKey sender, ByteCount bytes, std::uint32_t instead) {
  // A mailbox below one sender's share has no sender above it: most never need the table.
  if (share_allows(SenderShare{mailbox.bytes, mailbox.message_count()}, bytes)) return true;
  track_shares(mailbox);
  SenderShare share = mailbox.extra->shares->of(sender);
  if (instead != kNone && envelopes_[instead].sender == sender) {
    share.bytes -= envelopes_[instead].bytes();
    --share.messages;
  }
  return share_allows(share, bytes);
}

void Depot::track_shares(Mailbox& mailbox) {
  MailboxExtra& extra = mailbox.need_extra();
  if (extra.shares != nullptr) return;
  extra.shares = std::make_unique<SenderShares>();
  visit_entries(mailbox, [&](std::uint32_t entry) {
    const Envelope& envelope = envelopes_[entry];
    if (envelope.receipt == 0) extra.shares->add(envelope.sender, envelope.bytes());
  });
}

void Depot::untrack_shares(Mailbox& mailbox, const Envelope& envelope) noexcept {
  if (mailbox.extra == nullptr || mailbox.extra->shares == nullptr) return;
  mailbox.extra->shares->subtract(envelope.sender, envelope.bytes());
  // Not at the mark itself, so that a mailbox that hovers there doesn't build the table again and again.
  if (mailbox.message_count() <= share_messages() / 2 && mailbox.bytes <= share_bytes() / 2) mailbox.extra->shares.reset();
}

Occupancy Depot::occupancy() const noexcept { return {envelopes_.size(), bytes_, mailboxes_.size()}; }

}  // namespace lethe::mailbox
