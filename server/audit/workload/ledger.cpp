#include "audit/workload/ledger.hpp"

#include <algorithm>

namespace lethe::audit {

void Ledger::sent(const MessageId& id, const Address& recipient, std::string payload) {
  entries_[{recipient, id}] = {std::move(payload), State::sent, false, {}};
  ++messages_;
}

void Ledger::accepted(const MessageId& id, const Address& recipient, Instant at) {
  const auto found = entries_.find({recipient, id});
  if (found == entries_.end() || found->second.state != State::sent) return;
  advance(found->second, State::accepted, at);
  ++due_;
}

void Ledger::withdrawn(const MessageId& id, const Address& recipient) {
  const auto found = entries_.find({recipient, id});
  if (found == entries_.end()) return;
  if (found->second.state != State::sent) --due_;
  if (found->second.received) --received_;
  entries_.erase(found);
}

bool Ledger::delivered(const MessageId& id, const Address& recipient, std::string_view payload, Instant at) {
  const auto found = entries_.find({recipient, id});
  if (found == entries_.end() || found->second.payload != payload) return false;
  Entry& entry = found->second;
  // A delivery may be read before the answer to the send.
  if (entry.state == State::sent) accepted(id, recipient, at);
  if (entry.state == State::accepted) sample(0, entry.since, at);
  if (!std::exchange(entry.received, true)) ++received_;
  advance(entry, State::delivered, at);
  return true;
}

void Ledger::acknowledged(const MessageId& id, const Address& recipient, Instant at) {
  const auto found = entries_.find({recipient, id});
  if (found == entries_.end() || found->second.state != State::delivered) return;
  sample(1, found->second.since, at);
  advance(found->second, State::acknowledged, at);
  std::string{}.swap(found->second.payload);
}

void Ledger::overwritten(const Address& recipient, Instant at) {
  auto entry = entries_.lower_bound({recipient, MessageId{}});
  while (entry != entries_.end() && entry->first.first == recipient) {
    if (entry->second.state != State::acknowledged) {
      ++entry;
      continue;
    }
    sample(2, entry->second.since, at);
    entry = entries_.erase(entry);
  }
}

void Ledger::advance(Entry& entry, State state, Instant at) {
  entry.state = state;
  entry.since = at;
}

void Ledger::sample(std::size_t state, Instant from, Instant to) {
  Lifetime& lifetime = lifetimes_[state];
  lifetime.longest = std::max(lifetime.longest, std::chrono::duration_cast<std::chrono::microseconds>(to - from));
  ++lifetime.samples;
}

std::vector<Lifetime> Ledger::lifetimes() const {
  std::vector<Lifetime> seen;
  std::ranges::copy_if(lifetimes_, std::back_inserter(seen), [](const Lifetime& lifetime) { return lifetime.samples > 0; });
  return seen;
}

}  // namespace lethe::audit
