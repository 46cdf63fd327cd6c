#include "net/arriving_state.hpp"

#include <algorithm>

#include "net/worker.hpp"
#include "wire/payload_writer.hpp"

namespace lethe::net {
namespace {

constexpr std::uint32_t most_shards = 1'024;

template <class Record>
void append(std::vector<Record>& to, const std::vector<Record>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

ArrivingState::ArrivingState(RelayContext& relay, Instant now) : relay_{relay} {
  for (const auto& worker : relay.workers) arrivals_.emplace_back(worker->engine(), now);
}

ArrivingState::Outcome ArrivingState::take(std::span<const std::uint8_t> frame) {
  if (complete_ || wire::decode_moved(frame, *this) == wire::MovedOutcome::malformed) return Outcome::malformed;
  return outcome_;
}

bool ArrivingState::refuse(Outcome outcome) {
  outcome_ = outcome;
  return outcome == Outcome::taken;
}

bool ArrivingState::keep(mailbox::Arrival::Outcome outcome) {
  switch (outcome) {
    case mailbox::Arrival::Outcome::taken: return true;
    case mailbox::Arrival::Outcome::no_room: return refuse(Outcome::no_room);
    case mailbox::Arrival::Outcome::malformed: break;
  }
  return refuse(Outcome::malformed);
}

// They come one after the other, from 0.
bool ArrivingState::shard(std::uint32_t number, std::uint32_t count, Seq floor) {
  const bool expected = count <= most_shards && number == unaddressed_.size() && (number == 0 || count == shards_);
  if (!expected) return refuse(Outcome::malformed);
  shards_ = count;
  unaddressed_.emplace_back();
  floor_ = std::max(floor_, floor);
  return true;
}

bool ArrivingState::on(const mailbox::MovedMailbox& mailbox) {
  if (unaddressed_.empty()) return refuse(Outcome::malformed);
  home_ = relay_.workers.front()->mailboxes().shard_of(mailbox.address);
  any_mailbox_ = true;
  ++totals_.mailboxes;
  return keep(arrivals_[home_].take(mailbox));
}

bool ArrivingState::on(const mailbox::MovedEntry& entry, const wire::MovedPayload& from) {
  if (!any_mailbox_) return refuse(Outcome::malformed);
  mailbox::Payload payload;
  if (!refuse(store(from, payload))) return false;
  ++totals_.entries;
  totals_.bytes += payload.size();
  return keep(arrivals_[home_].take(entry, std::move(payload)));
}

ArrivingState::Outcome ArrivingState::store(const wire::MovedPayload& from, mailbox::Payload& to) {
  using Form = wire::MovedPayloadForm;
  if (from.form == Form::none) return Outcome::taken;
  if (from.form == Form::again) {
    std::optional<mailbox::Payload> shared = shared_.again(from.number);
    if (!shared) return Outcome::malformed;
    to = std::move(*shared);
    return Outcome::taken;
  }
  if (from.source.size() > relay_.limits.message.payload) return Outcome::no_room;
  wire::PayloadWriter::Stored stored = wire::PayloadWriter::store(from.source, relay_.arena.shard(home_));
  if (stored.outcome == wire::PayloadWriter::Outcome::arena_full) return Outcome::no_room;
  if (stored.outcome != wire::PayloadWriter::Outcome::stored) return Outcome::malformed;
  to = std::move(stored.payload);
  if (from.form == Form::own) return Outcome::taken;
  if (from.number != shared_.next_number()) return Outcome::malformed;
  shared_.keep(to);
  return Outcome::taken;
}

bool ArrivingState::on(const mailbox::MovedId& id) {
  if (unaddressed_.empty()) return refuse(Outcome::malformed);
  if (++ids_ > relay_.limits.relay.dedupe_entries * shards_) return refuse(Outcome::no_room);
  unaddressed_.back().ids.push_back(id);
  return true;
}

bool ArrivingState::on(const mailbox::MovedRate& rate) {
  if (unaddressed_.empty()) return refuse(Outcome::malformed);
  if (++rates_ > relay_.limits.relay.invites * shards_) return refuse(Outcome::no_room);
  unaddressed_.back().rates.push_back(rate);
  return true;
}

// Whose thread's they were doesn't matter: only their sum is ever told.
bool ArrivingState::counters(std::span<const std::uint64_t> values) {
  std::size_t next = 0;
  relay_.workers.front()->tally().for_each_lasting([&](Counter& counter) {
    if (next < values.size()) counter.add(values[next]);
    ++next;
  });
  return next == values.size() || refuse(Outcome::malformed);
}

bool ArrivingState::ticket_keys(std::span<const std::uint8_t> keys) {
  if (relay_.tls) relay_.tls->move_in_tickets(keys);
  return true;
}

bool ArrivingState::end(const wire::MovedTotals& totals) {
  if (totals != totals_ || unaddressed_.size() != shards_) return refuse(Outcome::malformed);
  distribute();
  for (mailbox::Arrival& arrival : arrivals_) {
    if (!keep(arrival.finish(floor_))) return false;
  }
  complete_ = true;
  return true;
}

void ArrivingState::distribute() {
  const bool alike = unaddressed_.size() == arrivals_.size();
  if (!alike) {
    Unaddressed all;
    for (const Unaddressed& one : unaddressed_) {
      append(all.ids, one.ids);
      append(all.rates, one.rates);
    }
    std::ranges::sort(all.ids, {}, &mailbox::MovedId::left);
    std::ranges::sort(all.rates, {}, &mailbox::MovedRate::left);
    unaddressed_.clear();
    unaddressed_.push_back(std::move(all));
  }
  for (std::size_t thread = 0; thread < arrivals_.size(); ++thread) {
    const Unaddressed& own = unaddressed_[alike ? thread : 0];
    arrivals_[thread].take(std::span{own.ids});
    arrivals_[thread].take(std::span{own.rates});
  }
}

}  // namespace lethe::net
