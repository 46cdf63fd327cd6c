#include "mailbox/relay_budget.hpp"

#include <algorithm>

namespace lethe::mailbox {

RelayBudget::RelayBudget(const RelayLimits& limits, unsigned shards) noexcept
    : most_mailboxes_{limits.mailboxes}, shards_{std::max(shards, 1U)} {
  const ByteCount low = limits.bytes / 100 * std::min(limits.low_watermark, 100U);
  for (ByteCount step = 0; step < marks_.size(); ++step) marks_[step] = low + (limits.bytes - low) / 3 * step;
  marks_.back() = limits.bytes;
}

bool RelayBudget::charge(ByteCount bytes, Urgency urgency) noexcept {
  const ByteCount charge = bytes + entry_overhead;
  const ByteCount before = charged_.fetch_add(charge, std::memory_order_relaxed);
  if (before + charge <= marks_[static_cast<std::size_t>(urgency)]) return true;
  charged_.fetch_sub(charge, std::memory_order_relaxed);
  return false;
}

bool RelayBudget::add_mailbox() noexcept {
  if (mailboxes_.fetch_add(1, std::memory_order_relaxed) < most_mailboxes_) return true;
  mailboxes_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

}  // namespace lethe::mailbox
