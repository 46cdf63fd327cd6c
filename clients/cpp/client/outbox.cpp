#include "client/outbox.hpp"

#include <algorithm>
#include <utility>

#include "client/backoff.hpp"

namespace lethe::client {

namespace {
bool is_passing(RefusalCode code) {
  return code == RefusalCode::rate_limited || code == RefusalCode::relay_full || code == RefusalCode::mailbox_full;
}
}  // namespace

bool Outbox::add(Send send, const Retry& retry) {
  const auto order = last_ + 1;
  if (!index_.emplace(send.id, order).second) return false;
  last_ = order;
  bytes_ += send.payload.size();
  Entry entry;
  entry.retry = retry;
  entry.everyone = send.to;
  entry.result.id = send.id;
  for (const auto& recipient : send.to) entry.fates.emplace(recipient.device, Fate::undecided);
  entry.send = std::move(send);
  entries_.emplace(order, std::move(entry));
  waiting_.insert(order);
  return true;
}

const Send* Outbox::next(Monotonic now) {
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    const auto order = delayed_.begin()->second;
    delayed_.erase(delayed_.begin());
    entries_.at(order).due.reset();
    waiting_.insert(order);
  }
  if (waiting_.empty() || in_flight_ >= limit_) return nullptr;
  auto& entry = entries_.at(*waiting_.begin());
  waiting_.erase(waiting_.begin());
  entry.in_flight = true;
  ++entry.attempts;
  ++in_flight_;
  entry.send.to.clear();
  std::ranges::copy_if(entry.everyone, std::back_inserter(entry.send.to),
                       [&](const Recipient& one) { return entry.fates.at(one.device) == Fate::undecided; });
  // Every receipt came, but the verdict was lost with its connection: asking again is answered and stores nothing.
  if (entry.send.to.empty()) entry.send.to = entry.everyone;
  return &entry.send;
}

std::optional<Monotonic> Outbox::next_due() const {
  if (delayed_.empty()) return std::nullopt;
  return delayed_.begin()->first;
}

Outbox::Outcome Outbox::sent(const Sent& answer, Monotonic now, double chance) {
  const auto found = index_.find(answer.id);
  if (found == index_.end()) return {};
  const auto order = found->second;
  auto& entry = entries_.at(order);
  if (!entry.in_flight) return {};
  land(entry);
  entry.result.ttl = answer.ttl;

  std::map<Address, Refusal> refused;
  for (const auto& refusal : answer.refused) {
    // The one that is refused as a duplicate is named twice in `to`; its first mention was decided by itself.
    if (refusal.code != RefusalCode::duplicate_recipient) refused.emplace(refusal.device, refusal);
  }
  std::optional<seconds> retry_after;
  Outcome outcome;
  const bool retry = may_retry(entry, now);
  for (auto& [device, fate] : entry.fates) {
    if (fate != Fate::undecided) continue;
    const auto refusal = refused.find(device);
    if (refusal == refused.end()) {
      fate = Fate::accepted;
    } else if (retry && is_passing(refusal->second.code)) {
      if (!entry.refused_since) entry.refused_since = now;
      if (refusal->second.retry_after) retry_after = std::max(retry_after.value_or(seconds(0)), *refusal->second.retry_after);
    } else if (entry.reported) {
      fate = Fate::refused;
      outcome.lost.push_back(device);
    } else {
      fate = Fate::refused;
      entry.result.refused.push_back(refusal->second);
    }
  }
  auto decided = decide(order, entry, now, chance, retry_after);
  outcome.result = std::move(decided.result);
  return outcome;
}

Outbox::Outcome Outbox::failed(const MessageId& id, const ErrorReply& error, Monotonic now, double chance) {
  const auto found = index_.find(id);
  if (found == index_.end()) return {};
  const auto order = found->second;
  auto& entry = entries_.at(order);
  if (!entry.in_flight) return {};
  land(entry);
  if (error.code == "rate_limited" && may_retry(entry, now)) {
    if (!entry.refused_since) entry.refused_since = now;
    return decide(order, entry, now, chance, error.retry_after);
  }
  Outcome outcome;
  if (entry.reported) {
    for (const auto& [device, fate] : entry.fates) {
      if (fate == Fate::undecided) outcome.lost.push_back(device);
    }
  } else {
    entry.result.error = error.code;
    outcome.result = std::move(entry.result);
  }
  erase(order);
  return outcome;
}

// All fates are known: report and keep or drop. Some are not: wait and try again.
Outbox::Outcome Outbox::decide(Order order, Entry& entry, Monotonic now, double chance, std::optional<seconds> retry_after) {
  const auto count = [&entry](Fate fate) {
    return std::ranges::count_if(entry.fates, [fate](const auto& pair) { return pair.second == fate; });
  };
  Outcome outcome;
  if (count(Fate::undecided) > 0) {
    Backoff backoff(backoff_);
    for (unsigned i = 1; i < entry.attempts; ++i) backoff.next(0);
    entry.due = now + backoff.next(chance, retry_after);
    delayed_.emplace(*entry.due, order);
    return outcome;
  }
  if (!entry.reported) {
    entry.result.accepted = static_cast<std::uint32_t>(count(Fate::accepted) + count(Fate::settled));
    entry.reported = true;
    outcome.result = entry.result;
  }
  if (!entry.send.receipt || count(Fate::accepted) == 0) erase(order);
  return outcome;
}

void Outbox::settle(const MessageId& id, const Address& device) {
  const auto found = index_.find(id);
  if (found == index_.end()) return;
  const auto order = found->second;
  auto& entry = entries_.at(order);
  const auto fate = entry.fates.find(device);
  if (fate == entry.fates.end()) return;
  fate->second = Fate::settled;
  const auto open = std::ranges::any_of(
      entry.fates, [](const auto& pair) { return pair.second == Fate::undecided || pair.second == Fate::accepted; });
  // A receipt can overtake the answer; the verdict is still owed then.
  if (!open && entry.reported) erase(order);
}

void Outbox::disconnected() {
  for (auto& [order, entry] : entries_) {
    if (!entry.in_flight) continue;
    land(entry);
    waiting_.insert(order);
  }
}

void Outbox::forgotten() {
  for (auto& [order, entry] : entries_) {
    bool again = false;
    for (auto& [device, fate] : entry.fates) {
      if (fate != Fate::accepted || !entry.send.receipt) continue;
      fate = Fate::undecided;
      again = true;
    }
    if (!again || entry.in_flight || entry.due) continue;
    entry.refused_since.reset();
    entry.attempts = 0;
    waiting_.insert(order);
  }
}

std::vector<SendResult> Outbox::abandon(const std::string& error) {
  std::vector<SendResult> results;
  for (auto& [order, entry] : entries_) {
    if (entry.reported) continue;
    entry.result.error = error;
    results.push_back(std::move(entry.result));
  }
  entries_.clear();
  index_.clear();
  waiting_.clear();
  delayed_.clear();
  in_flight_ = 0;
  bytes_ = 0;
  return results;
}

bool Outbox::may_retry(Entry& entry, Monotonic now) const {
  return entry.retry.enabled && (!entry.refused_since || now - *entry.refused_since < entry.retry.patience);
}

void Outbox::land(Entry& entry) {
  entry.in_flight = false;
  --in_flight_;
}

void Outbox::erase(Order order) {
  const auto found = entries_.find(order);
  if (found->second.in_flight) land(found->second);
  bytes_ -= found->second.send.payload.size();
  index_.erase(found->second.send.id);
  waiting_.erase(order);
  if (found->second.due) delayed_.erase({*found->second.due, order});
  entries_.erase(found);
}

}  // namespace lethe::client
