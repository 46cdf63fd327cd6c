#include "mailbox/departure.hpp"

#include "mailbox/memory_mailboxes.hpp"

namespace lethe::mailbox {

Departure::Departure(const MemoryMailboxes& engine, Instant now) : engine_{engine}, now_{now}, mailboxes_{engine.depot_.known()} {}

Seq Departure::seq_floor() const noexcept { return engine_.depot_.seq_floor(); }

milliseconds Departure::left_until(std::int64_t monotonic) const noexcept {
  return milliseconds{monotonic} - now_.mono.time_since_epoch();
}

bool Departure::step(MovedRecords& to) {
  if (step_mailboxes(to)) return true;
  if (next_id_ < engine_.acknowledged_.entries().size()) {
    const AcknowledgedIds::Entry& id = engine_.acknowledged_.entries()[next_id_++];
    to.on(MovedId{id.hash, left_until(id.forget_at)});
    return true;
  }
  if (next_rate_ < engine_.rates_.endings().size()) {
    const InviteRates::Ending& rate = engine_.rates_.endings()[next_rate_++];
    to.on(MovedRate{rate.invite, engine_.rates_.messages(rate.invite), rate.end - now_.mono});
    return true;
  }
  return false;
}

bool Departure::step_mailboxes(MovedRecords& to) {
  if (next_entry_ < entries_.size()) {
    tell_entry(entries_[next_entry_++], to);
    return true;
  }
  if (next_mailbox_ == mailboxes_.size()) return false;
  const std::uint32_t index = mailboxes_[next_mailbox_++];
  entries_.clear();
  next_entry_ = 0;
  engine_.depot_.collect(engine_.depot_.mailbox(index), entries_);
  tell_mailbox(index, to);
  return true;
}

void Departure::tell_mailbox(std::uint32_t index, MovedRecords& to) const {
  const Mailbox& mailbox = engine_.depot_.mailbox(index);
  MovedMailbox moved;
  moved.address = mailbox.address;
  moved.next_seq = mailbox.next_seq;
  if (mailbox.extra != nullptr) {
    moved.missed = mailbox.extra->missed;
    moved.revoked = mailbox.extra->revoked;
  }
  moved.generation = mailbox.generation;
  moved.window = mailbox.window;
  moved.min_urgency = mailbox.min_urgency;
  moved.anyone = mailbox.anyone;
  moved.known = mailbox.known;
  if (mailbox.resting()) moved.rest = left_until(mailbox.forget_at);
  to.on(moved);
}

void Departure::tell_entry(std::uint32_t index, MovedRecords& to) const {
  const Envelope& envelope = engine_.depot_.envelope(index);
  MovedEntry moved;
  moved.id = envelope.id;
  moved.seq = envelope.seq;
  moved.received = Wall{milliseconds{envelope.received}};
  moved.left = left_until(envelope.deadline);
  moved.ttl = seconds{envelope.ttl};
  moved.urgency = static_cast<Urgency>(envelope.urgency);
  moved.sender = envelope.sender;
  moved.delivered = envelope.delivered != 0;
  if (const EnvelopeExtra* const extra = engine_.depot_.extra(index)) {
    moved.topic = extra->topic;
    if (envelope.receipt != 0 || extra->receipt_wanted) moved.address = extra->address;
    if (envelope.receipt != 0) moved.fate = extra->fate;
  }
  to.on(moved, envelope.payload);
}

}  // namespace lethe::mailbox
