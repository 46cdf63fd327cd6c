#include "mailbox/memory_mailboxes.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <lethe/base/wipe.hpp>

#include "base/mutation.hpp"

namespace lethe::mailbox {

MemoryMailboxes::MemoryMailboxes(const Limits& limits, RelayBudget& budget, const KeyedHash& key, Tally& tally,
                                 ReceiptRoute& route)
    : limits_{limits}, budget_{budget}, key_{key}, tally_{tally}, route_{route}, depot_{limits_, budget_, key_, tally_},
      acknowledged_{limits.relay.dedupe_entries / budget.shards(), limits.mailbox.dedupe},
      rates_{limits.relay.invites / budget.shards()} {}

void MemoryMailboxes::open(const Address& device, const Announcement& announcement, Correspondent& session, Instant now) {
  std::uint32_t index = depot_.find(device);
  if (index == kNone) index = depot_.create(device);
  // Else keys that come and go could keep every other device out, for as long as mailboxes are remembered.
  if (index == kNone && depot_.forget_one()) index = depot_.create(device);
  if (index == kNone) {
    session.opened({});
    return;
  }
  depot_.wake(index);
  Mailbox& mailbox = depot_.mailbox(index);
  Correspondent* const previous = mailbox.session == nullptr ? nullptr : mailbox.session->correspondent;
  if (previous != nullptr) end_session(index, now);

  mailbox.known = true;
  mailbox.session = std::make_unique<OpenSession>();
  mailbox.session->attachment = attachments_.open(index);
  mailbox.session->correspondent = &session;
  mailbox.session->backlog_end = mailbox.next_seq;
  apply(mailbox, announcement);
  Opened opened{mailbox.session->attachment, mailbox.entries, mailbox.bytes, {}};
  if (mailbox.extra != nullptr) opened.missed = std::exchange(mailbox.extra->missed, {});

  if (previous != nullptr) previous->replaced();
  session.opened(opened);
  flush(now);
}

void MemoryMailboxes::close(Attachment attachment, Instant now) {
  const std::uint32_t index = attachments_.mailbox_of(attachment);
  if (index == kNone) return;
  end_session(index, now);
  settle(index, now);
  flush(now);
}

void MemoryMailboxes::announce(Attachment attachment, const Announcement& announcement, Instant now) {
  const std::uint32_t index = attachments_.mailbox_of(attachment);
  if (index == kNone) return;
  apply(depot_.mailbox(index), announcement);
  settle(index, now);
  flush(now);
}

void MemoryMailboxes::apply(Mailbox& mailbox, const Announcement& announcement) {
  if (announcement.anyone) mailbox.anyone = *announcement.anyone;
  if (announcement.generation) mailbox.generation = std::max(mailbox.generation, *announcement.generation);
  if (announcement.min_urgency) mailbox.min_urgency = *announcement.min_urgency;
  if (announcement.window) {
    const std::uint32_t most = std::min<std::uint32_t>(limits_.mailbox.window, std::numeric_limits<std::uint16_t>::max());
    mailbox.window = static_cast<std::uint16_t>(std::clamp(*announcement.window, 1U, std::max(most, 1U)));
  }
  if (!announcement.revoked || (announcement.revoked->empty() && mailbox.extra == nullptr)) return;
  std::vector<InviteLabel>& revoked = mailbox.need_extra().revoked;
  const std::size_t kept = std::min<std::size_t>(announcement.revoked->size(), limits_.mailbox.revoked);
  revoked.assign(announcement.revoked->begin(), announcement.revoked->begin() + static_cast<std::ptrdiff_t>(kept));
  revoked.shrink_to_fit();
}

void MemoryMailboxes::end_session(std::uint32_t index, Instant now) {
  Mailbox& mailbox = depot_.mailbox(index);
  OpenSession& session = *mailbox.session;
  const auto ephemeral = [&](std::uint32_t entry) { return depot_.envelope(entry).ephemeral != 0; };
  for (std::size_t at = session.in_flight.size(); session.ephemerals != 0 && at-- > 0;) {
    if (const std::uint32_t entry = session.in_flight[at].envelope; ephemeral(entry)) leave(entry, Leaving::expired, now);
  }
  // A ttl-0 message came during the session, so it stands behind everything that was there before.
  for (Lane& lane : mailbox.messages) {
    std::uint32_t entry = session.ephemerals == 0 ? kNone : depot_.last(lane);
    while (entry != kNone && depot_.envelope(entry).seq >= session.backlog_end) {
      const std::uint32_t before = entry == lane.head ? kNone : depot_.envelope(entry).previous;
      if (ephemeral(entry)) leave(entry, Leaving::expired, now);
      entry = before;
    }
  }
  depot_.bring_back(mailbox);
  attachments_.close(session.attachment);
  mailbox.session.reset();
}

void MemoryMailboxes::recall(Ticket ticket, const MessageId& id, const Address& device, std::span<const SenderKey> senders,
                             Correspondent& session, Instant now) {
  RecallStatus status = RecallStatus::unknown;
  const std::uint32_t index = depot_.find(device);
  const std::uint32_t entry = index == kNone ? kNone : depot_.find_message(index, id);
  if (entry != kNone && depot_.envelope(entry).expired(now.mono)) {
    leave(entry, Leaving::expired, now);
    settle(index, now);
  } else if (entry != kNone && std::ranges::find(senders, depot_.envelope(entry).sender) != senders.end()) {
    status = depot_.envelope(entry).delivered != 0 ? RecallStatus::in_flight : RecallStatus::wiped;
    if (status == RecallStatus::wiped) leave(entry, Leaving::recalled, now);
    settle(index, now);
  }
  session.recalled(ticket, status);
  flush(now);
}

std::uint64_t MemoryMailboxes::purge(const Address& device, Instant now) {
  const std::uint32_t index = depot_.find(device);
  if (index == kNone) return 0;
  Mailbox& mailbox = depot_.mailbox(index);
  const std::uint64_t messages = mailbox.message_count();
  depot_.collect(mailbox, landed_);
  for (const std::uint32_t entry : landed_) leave(entry, Leaving::evicted, now);
  landed_.clear();
  settle(index, now);
  flush(now);
  return messages;
}

Waiting MemoryMailboxes::waiting(const Address& device) const {
  const std::uint32_t index = depot_.find(device);
  if (index == kNone) return {};
  const Mailbox& mailbox = depot_.mailbox(index);
  return {mailbox.message_count(), mailbox.bytes};
}

void MemoryMailboxes::deposit(const Address& to, const Receipt& receipt, Instant now) {
  std::uint32_t index = depot_.find(to);
  if (index == kNone) index = depot_.create(to);
  if (index == kNone) return;
  if (make_room_for_receipt(index, now)) {
    Envelope envelope;
    envelope.id = receipt.id;
    envelope.ttl = static_cast<std::uint32_t>(limits_.message.default_ttl.count()) & kLongestTtl;
    envelope.deadline = (now.mono + limits_.message.default_ttl).time_since_epoch().count();
    envelope.urgency = static_cast<std::uint32_t>(receipt.urgency) & 3U;
    envelope.receipt = 1;
    budget_.charge_receipt();
    depot_.add(index, std::move(envelope), EnvelopeExtra{{}, receipt.device, false, receipt.fate}, 0, now);
  }
  settle(index, now);
  flush(now);
}

// False where the new receipt is itself the one that has to go.
bool MemoryMailboxes::make_room_for_receipt(std::uint32_t index, Instant now) {
  Mailbox& mailbox = depot_.mailbox(index);
  if (mailbox.receipt_count() < limits_.mailbox.receipts) return true;
  const std::uint32_t oldest = depot_.oldest_waiting_receipt(mailbox);
  if (oldest != kNone) {
    leave(oldest, Leaving::displaced, now);
    return true;
  }
  ++mailbox.need_extra().missed.displaced;
  return false;
}

void MemoryMailboxes::sweep(Instant now) {
  depot_.wheel().advance(now.mono, sweep_budget, [&](std::uint32_t entry) {
    const std::uint32_t index = depot_.envelope(entry).mailbox;
    leave(entry, Leaving::expired, now);
    settle(index, now);
  });
  acknowledged_.age(now.mono, sweep_budget);
  rates_.age(now.mono, sweep_budget);
  depot_.age(now.mono, sweep_budget);
  flush(now);
}

void MemoryMailboxes::leave(std::uint32_t entry, Leaving why, Instant now) {
  leave(entry, depot_.hash(depot_.envelope(entry)), why, now);
}

// Takes an entry out for good: counts it, tells its sender where it asked, overwrites it.
void MemoryMailboxes::leave(std::uint32_t entry, std::uint64_t hash, Leaving why, Instant now) {
  const Envelope& envelope = depot_.envelope(entry);
  Mailbox& mailbox = depot_.mailbox(envelope.mailbox);
  if (why == Leaving::expired) ++mailbox.need_extra().missed.expired;
  if (why == Leaving::displaced || why == Leaving::evicted) ++mailbox.need_extra().missed.displaced;
  if (why == Leaving::recalled) ++mailbox.need_extra().missed.recalled;
  if (envelope.receipt == 0) {
    count_leaving(why);
    if (why == Leaving::acknowledged) acknowledged_.remember(hash, now.mono);
    const EnvelopeExtra* const extra = depot_.extra(entry);
    if (extra != nullptr && extra->receipt_wanted && why != Leaving::recalled) {
      static constexpr Fate fates[] = {Fate::delivered, Fate::expired, Fate::displaced, Fate::displaced, Fate::evicted};
      const Fate fate = fates[static_cast<std::size_t>(why)];
      outgoing_.push_back({extra->address, {envelope.id, mailbox.address, fate, static_cast<Urgency>(envelope.urgency)}});
    }
  }
  depot_.remove(entry, hash);
}

void MemoryMailboxes::count_leaving(Leaving why) noexcept {
  switch (why) {
    case Leaving::acknowledged: tally_.acknowledged.add(); break;
    case Leaving::expired: tally_.expired.add(); break;
    case Leaving::displaced: tally_.displaced.add(); break;
    case Leaving::recalled: tally_.recalled.add(); break;
    case Leaving::evicted: tally_.evicted.add(); break;
  }
}

// After a change: the session hears of it, or the mailbox may rest.
void MemoryMailboxes::settle(std::uint32_t index, Instant now) {
  Mailbox& mailbox = depot_.mailbox(index);
  if (mailbox.session != nullptr) {
    notice(mailbox);
  } else if (mailbox.entries == 0) {
    depot_.rest(index, now.mono);
  }
}

// Callbacks may call the engine again, which may flush again: so each list is taken away before it is walked.
void MemoryMailboxes::flush(Instant now) {
  if (!wakes_.empty()) {
    std::vector<Attachment> wakes = std::exchange(wakes_, {});
    for (const Attachment attachment : wakes) {
      const std::uint32_t index = attachments_.mailbox_of(attachment);
      if (index == kNone) continue;
      const OpenSession& session = *depot_.mailbox(index).session;
      if (session.woken) session.correspondent->wake();
    }
    wakes.clear();
    if (wakes_.empty()) wakes_ = std::move(wakes);
  }
  if (!outgoing_.empty()) {
    std::vector<Outgoing> outgoing = std::exchange(outgoing_, {});
    for (const Outgoing& receipt : outgoing) route_.receipt(receipt.to, receipt.receipt, now);
    if (LETHE_KEEP(record_wipe)) wipe(std::span{outgoing});
    outgoing.clear();
    if (outgoing_.empty() && outgoing.capacity() <= 1'024) outgoing_ = std::move(outgoing);
  }
}

}  // namespace lethe::mailbox
