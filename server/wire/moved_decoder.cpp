#include "wire/moved_decoder.hpp"

#include <array>
#include <vector>

#include "wire/record_reader.hpp"

namespace lethe::wire {
namespace {

constexpr std::size_t most_counters = 1'024;
// MailboxLimits::revoked is bounded by the protocol.
constexpr std::size_t most_labels = 256;

milliseconds left(RecordReader& from) noexcept { return milliseconds{static_cast<std::int64_t>(from.u64())}; }

MovedOutcome outcome_of(bool taken) noexcept { return taken ? MovedOutcome::taken : MovedOutcome::refused; }

MovedOutcome shard(RecordReader& from, MovedFrames& to) {
  const std::uint32_t number = from.u32();
  const std::uint32_t count = from.u32();
  const Seq floor = from.u64();
  if (!from.ok() || number >= count) return MovedOutcome::malformed;
  return outcome_of(to.shard(number, count, floor));
}

MovedOutcome mailbox(RecordReader& from, MovedFrames& to) {
  mailbox::MovedMailbox moved;
  const unsigned flags = from.u8();
  moved.anyone = (flags & 1U) != 0;
  moved.known = (flags & 2U) != 0;
  from.bytes(moved.address);
  moved.next_seq = from.u64();
  moved.generation = from.u32();
  moved.window = from.u16();
  const unsigned urgency = from.u8();
  moved.missed.expired = from.u64();
  moved.missed.displaced = from.u64();
  moved.missed.recalled = from.u64();
  const milliseconds rest = left(from);
  if ((flags & 4U) != 0) moved.rest = rest;
  const std::size_t labels = from.u16();
  if (!from.ok() || flags > 7 || urgency > 3 || labels > most_labels) return MovedOutcome::malformed;
  moved.min_urgency = static_cast<mailbox::Urgency>(urgency);
  moved.revoked.resize(labels);
  for (InviteLabel& label : moved.revoked) from.bytes(label);
  if (!from.ok()) return MovedOutcome::malformed;
  return outcome_of(to.on(moved));
}

bool read_payload(RecordReader& from, MovedPayload& payload) {
  const unsigned form = from.u8();
  if (form > static_cast<unsigned>(MovedPayloadForm::again)) return false;
  payload.form = static_cast<MovedPayloadForm>(form);
  const bool shared = payload.form == MovedPayloadForm::first || payload.form == MovedPayloadForm::again;
  const bool here = payload.form == MovedPayloadForm::own || payload.form == MovedPayloadForm::first;
  if (shared) payload.number = from.u32();
  if (here) {
    const std::size_t size = from.u32();
    payload.source = {from.take(size), size, Encoding::binary};
  }
  return from.ok();
}

MovedOutcome entry(RecordReader& from, MovedFrames& to) {
  mailbox::MovedEntry moved;
  const unsigned flags = from.u8();
  const unsigned fate = from.u8();
  from.bytes(moved.id);
  moved.seq = from.u64();
  moved.received = Wall{left(from)};
  moved.left = left(from);
  moved.ttl = seconds{from.u32()};
  moved.sender = mailbox::SenderKey{from.u64()};
  moved.topic = mailbox::TopicKey{from.u64()};
  if ((flags & 8U) != 0) from.bytes(moved.address.emplace());
  if (flags > 15 || fate > static_cast<unsigned>(mailbox::Fate::evicted)) return MovedOutcome::malformed;
  moved.urgency = static_cast<mailbox::Urgency>(flags & 3U);
  moved.delivered = (flags & 4U) != 0;
  if (fate != 0) moved.fate = static_cast<mailbox::Fate>(fate);
  MovedPayload payload;
  if (!read_payload(from, payload)) return MovedOutcome::malformed;
  return outcome_of(to.on(moved, payload));
}

MovedOutcome id(RecordReader& from, MovedFrames& to) {
  mailbox::MovedId moved;
  moved.hash = from.u64();
  moved.left = left(from);
  return from.ok() ? outcome_of(to.on(moved)) : MovedOutcome::malformed;
}

MovedOutcome rate(RecordReader& from, MovedFrames& to) {
  mailbox::MovedRate moved;
  moved.invite = from.u64();
  moved.messages = from.u32();
  moved.left = left(from);
  return from.ok() ? outcome_of(to.on(moved)) : MovedOutcome::malformed;
}

MovedOutcome counters(RecordReader& from, MovedFrames& to) {
  const std::size_t count = from.u16();
  if (count > most_counters) return MovedOutcome::malformed;
  std::array<std::uint64_t, most_counters> values;
  for (std::size_t i = 0; i < count; ++i) values[i] = from.u64();
  return from.ok() ? outcome_of(to.counters(std::span{values}.first(count))) : MovedOutcome::malformed;
}

MovedOutcome ticket_keys(RecordReader& from, MovedFrames& to) {
  const std::size_t size = from.u16();
  const std::span<const std::uint8_t> keys = from.take(size);
  return from.ok() ? outcome_of(to.ticket_keys(keys)) : MovedOutcome::malformed;
}

MovedOutcome end(RecordReader& from, MovedFrames& to) {
  MovedTotals totals;
  totals.mailboxes = from.u64();
  totals.entries = from.u64();
  totals.bytes = from.u64();
  // Nothing comes behind it.
  return from.ok() && from.rest().empty() ? outcome_of(to.end(totals)) : MovedOutcome::malformed;
}

MovedOutcome record(RecordReader& from, MovedFrames& to) {
  switch (static_cast<MovedKind>(from.u8())) {
    case MovedKind::shard: return shard(from, to);
    case MovedKind::mailbox: return mailbox(from, to);
    case MovedKind::entry: return entry(from, to);
    case MovedKind::id: return id(from, to);
    case MovedKind::rate: return rate(from, to);
    case MovedKind::counters: return counters(from, to);
    case MovedKind::ticket_keys: return ticket_keys(from, to);
    case MovedKind::end: return end(from, to);
  }
  return MovedOutcome::malformed;
}

}  // namespace

MovedOutcome decode_moved(std::span<const std::uint8_t> frame, MovedFrames& to) {
  RecordReader from{frame};
  MovedOutcome outcome = MovedOutcome::taken;
  while (outcome == MovedOutcome::taken && !from.rest().empty()) outcome = record(from, to);
  return outcome;
}

}  // namespace lethe::wire
