#include "mailbox/arrival.hpp"

#include <algorithm>

#include "mailbox/memory_mailboxes.hpp"

namespace lethe::mailbox {
namespace {

// Nothing lasts longer: it is bounded so that no sum with the clock overflows.
constexpr milliseconds longest = std::chrono::hours{24 * 366 * 10};

constexpr bool in_bounds(milliseconds left) noexcept { return left <= longest && left >= -longest; }

}  // namespace

Arrival::Outcome Arrival::take(const MovedMailbox& moved) {
  if (!last_is_sound() || moved.next_seq == 0 || (moved.rest && !in_bounds(*moved.rest))) return Outcome::malformed;
  Depot& depot = engine_.depot_;
  if (depot.find(moved.address) != kNone) return Outcome::malformed;
  mailbox_ = depot.create(moved.address);
  if (mailbox_ == kNone) return Outcome::no_room;
  Mailbox& mailbox = depot.mailbox(mailbox_);
  mailbox.next_seq = moved.next_seq;
  mailbox.generation = moved.generation;
  mailbox.window = moved.window;
  mailbox.min_urgency = moved.min_urgency;
  mailbox.anyone = moved.anyone;
  mailbox.known = moved.known;
  if (moved.missed.expired + moved.missed.displaced + moved.missed.recalled != 0) mailbox.need_extra().missed = moved.missed;
  if (!moved.revoked.empty()) mailbox.need_extra().revoked = moved.revoked;
  if (moved.rest) {
    // No longer than one that begins to rest now: the list is in order.
    const milliseconds rest = std::min<milliseconds>(*moved.rest, engine_.limits_.mailbox.memory);
    resting_.emplace_back((now_.mono + rest).time_since_epoch().count(), mailbox_);
  }
  return Outcome::taken;
}

// A mailbox either holds something or rests.
bool Arrival::last_is_sound() const {
  if (mailbox_ == kNone) return true;
  const bool rests = !resting_.empty() && resting_.back().second == mailbox_;
  return rests == (engine_.depot_.mailbox(mailbox_).entries == 0);
}

bool Arrival::plausible(const MovedEntry& entry, ByteCount bytes) const {
  const Depot& depot = engine_.depot_;
  const Mailbox& mailbox = depot.mailbox(mailbox_);
  if (entry.seq == 0 || entry.seq >= mailbox.next_seq || !in_bounds(entry.left)) return false;
  if (entry.ttl <= seconds{0} || entry.ttl > seconds{kLongestTtl}) return false;
  const bool receipt = entry.fate.has_value();
  if (receipt && (!entry.address || entry.topic != TopicKey{} || bytes != 0)) return false;
  if (!receipt && depot.find_message(mailbox_, entry.id) != kNone) return false;
  if (entry.topic != TopicKey{} && !entry.delivered && depot.find_topic(mailbox_, entry.topic) != kNone) return false;
  static constexpr Lane empty;
  const auto urgency = static_cast<std::size_t>(entry.urgency);
  const Lane& lane = !receipt ? mailbox.messages[urgency] : mailbox.extra == nullptr ? empty : mailbox.extra->receipts[urgency];
  const std::uint32_t last = depot.last(lane);
  if (last == kNone) return true;
  const Envelope& before = depot.envelope(last);
  const bool was_delivered = before.delivered != 0;
  return was_delivered == entry.delivered ? before.seq < entry.seq : was_delivered;
}

Arrival::Outcome Arrival::take(const MovedEntry& entry, Payload payload) {
  const ByteCount bytes = payload.size();
  if (mailbox_ == kNone || !plausible(entry, bytes)) return Outcome::malformed;
  if (!engine_.budget_.charge(bytes, Urgency::high)) return Outcome::no_room;
  Envelope envelope;
  envelope.payload = std::move(payload);
  envelope.id = entry.id;
  envelope.seq = entry.seq;
  envelope.received = entry.received.time_since_epoch().count();
  envelope.deadline = (now_.mono + entry.left).time_since_epoch().count();
  envelope.sender = entry.sender;
  envelope.ttl = static_cast<std::uint32_t>(entry.ttl.count()) & kLongestTtl;
  envelope.urgency = static_cast<std::uint32_t>(entry.urgency) & 3U;
  envelope.receipt = entry.fate ? 1 : 0;
  envelope.delivered = entry.delivered ? 1 : 0;
  std::optional<EnvelopeExtra> extra;
  if (entry.topic != TopicKey{} || entry.address) {
    extra = EnvelopeExtra{entry.topic, entry.address.value_or(Address{}), entry.address && !entry.fate,
                          entry.fate.value_or(Fate::delivered)};
  }
  const std::uint64_t hash = engine_.depot_.hash(engine_.depot_.mailbox(mailbox_).hash, envelope.id);
  engine_.depot_.restore(mailbox_, std::move(envelope), extra, hash, now_.mono);
  return Outcome::taken;
}

void Arrival::take(std::span<const MovedId> ids) {
  for (const MovedId& id : ids) {
    if (!in_bounds(id.left)) continue;
    const milliseconds left = std::min<milliseconds>(id.left, engine_.limits_.mailbox.dedupe);
    engine_.acknowledged_.restore({id.hash, (now_.mono + left).time_since_epoch().count()});
  }
}

void Arrival::take(std::span<const MovedRate> rates) {
  for (const MovedRate& rate : rates) {
    if (in_bounds(rate.left)) engine_.rates_.restore({rate.invite, now_.mono + rate.left}, rate.messages);
  }
}

Arrival::Outcome Arrival::finish(Seq floor) {
  if (!last_is_sound()) return Outcome::malformed;
  std::ranges::sort(resting_);
  for (const auto& [forget_at, mailbox] : resting_) engine_.depot_.rest_until(mailbox, forget_at);
  resting_.clear();
  engine_.depot_.raise_seq_floor(floor);
  return Outcome::taken;
}

}  // namespace lethe::mailbox
