// Delivery and acknowledgement.
#include <algorithm>
#include <utility>

#include "mailbox/memory_mailboxes.hpp"

namespace lethe::mailbox {

bool MemoryMailboxes::pull(Attachment attachment, Sink& sink, Instant now) {
  const std::uint32_t index = attachments_.mailbox_of(attachment);
  if (index == kNone) return false;
  depot_.mailbox(index).session->woken = false;
  Step step = Step::again;
  while (step == Step::again) step = pull_one(index, sink, now);
  flush(now);
  return step == Step::more;
}

MemoryMailboxes::Step MemoryMailboxes::pull_one(std::uint32_t index, Sink& sink, Instant now) {
  Mailbox& mailbox = depot_.mailbox(index);
  OpenSession& session = *mailbox.session;
  const std::uint32_t entry = depot_.candidate(mailbox);
  if (entry != kNone && depot_.envelope(entry).expired(now.mono)) {
    leave(entry, Leaving::expired, now);
    return Step::again;
  }
  const bool allowed = entry != kNone && window_allows(mailbox, depot_.envelope(entry));
  if (!session.caught_up && (entry == kNone || depot_.envelope(entry).seq >= session.backlog_end)) {
    session.caught_up = true;
    sink.caught_up();
    return allowed ? Step::more : Step::end;
  }
  if (!allowed) return Step::end;
  if (!hand_over(entry, sink)) return Step::more;
  depot_.depart(entry, now.mono);
  return Step::again;
}

bool MemoryMailboxes::hand_over(std::uint32_t entry, Sink& sink) {
  const Envelope& envelope = depot_.envelope(entry);
  if (envelope.receipt != 0) {
    const EnvelopeExtra& extra = *depot_.extra(entry);
    return sink.deliver(ReceiptDelivery{envelope.seq, envelope.id, extra.address, extra.fate});
  }
  const std::int64_t ephemeral_ms = milliseconds{limits_.message.ephemeral_wait}.count();
  const bool taken = sink.deliver(Delivery{envelope.seq, envelope.id, Wall{milliseconds{envelope.received}},
                                           envelope.expires(ephemeral_ms), envelope.delivered != 0, envelope.payload});
  if (taken) (envelope.delivered != 0 ? tally_.redelivered : tally_.delivered).add();
  return taken;
}

bool MemoryMailboxes::window_allows(const Mailbox& mailbox, const Envelope& next) const noexcept {
  const InFlight& in_flight = mailbox.session->in_flight;
  const std::uint32_t window = mailbox.window != 0 ? mailbox.window : std::max(limits_.mailbox.window, 1U);
  if (in_flight.size() >= window) return false;
  // A message larger than the whole window still goes when nothing is in flight.
  return in_flight.bytes() == 0 || in_flight.bytes() + next.bytes() <= limits_.mailbox.window_bytes;
}

void MemoryMailboxes::acknowledge(Attachment attachment, Seq up_to, std::span<const Seq> seqs, Instant now) {
  const std::uint32_t index = attachments_.mailbox_of(attachment);
  if (index == kNone) return;
  Mailbox& mailbox = depot_.mailbox(index);
  OpenSession& session = *mailbox.session;
  const auto now_ms = static_cast<std::uint32_t>(now.mono.time_since_epoch().count());
  const auto observe = [&](const InFlight::Entry& entry) {
    tally_.ack_latency.observe(std::uint64_t{now_ms - entry.delivered_ms} * 1'000);
  };
  const std::size_t first = session.in_flight.count_up_to(up_to);
  std::ranges::for_each(session.in_flight.entries().first(first), observe);
  depot_.land_first(mailbox, first, landed_);
  for (const Seq seq : seqs) {
    const std::size_t position = session.in_flight.find(seq);
    if (position == session.in_flight.size()) continue;
    observe(session.in_flight[position]);
    depot_.land(mailbox, position, landed_);
  }
  // The ids that are remembered are in no cache: each place is asked for before the first is needed.
  for (const std::uint32_t entry : landed_) {
    hashes_.push_back(depot_.hash(depot_.envelope(entry)));
    acknowledged_.prefetch(hashes_.back());
  }
  const std::size_t removed = landed_.size();
  for (std::size_t i = 0; i < removed; ++i) leave(landed_[i], hashes_[i], Leaving::acknowledged, now);
  landed_.clear();
  hashes_.clear();

  Correspondent& correspondent = *session.correspondent;
  settle(index, now);
  correspondent.acknowledged(static_cast<std::uint32_t>(removed));
  flush(now);
}

// Whether a pull would bring something. What has expired unnoticed counts: the pull finds out.
bool MemoryMailboxes::ready(const Mailbox& mailbox) const noexcept {
  const OpenSession& session = *mailbox.session;
  const std::uint32_t entry = depot_.candidate(mailbox);
  if (entry == kNone) return !session.caught_up;
  const Envelope& next = depot_.envelope(entry);
  return window_allows(mailbox, next) || (!session.caught_up && next.seq >= session.backlog_end);
}

void MemoryMailboxes::notice(Mailbox& mailbox) {
  OpenSession& session = *mailbox.session;
  if (session.woken || !ready(mailbox)) return;
  session.woken = true;
  wakes_.push_back(session.attachment);
}

}  // namespace lethe::mailbox
