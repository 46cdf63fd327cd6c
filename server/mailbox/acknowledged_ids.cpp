#include "mailbox/acknowledged_ids.hpp"

namespace lethe::mailbox {

AcknowledgedIds::AcknowledgedIds(std::uint64_t capacity, seconds memory)
    : capacity_{capacity}, memory_{memory} {}

void AcknowledgedIds::remember(std::uint64_t hash, Monotonic now) {
  if (capacity_ == 0 || memory_.count() == 0) return;
  forget_old(now, order_.size());
  restore({hash, (now + memory_).time_since_epoch().count()});
}

void AcknowledgedIds::restore(const Entry& entry) {
  if (capacity_ == 0 || !hashes_.insert(entry.hash)) return;
  order_.push_back(entry);
  if (order_.size() > capacity_) forget_oldest();
}

bool AcknowledgedIds::contains(std::uint64_t hash, Monotonic now) {
  forget_old(now, order_.size());
  return !order_.empty() && hashes_.contains(hash);
}

void AcknowledgedIds::age(Monotonic now, std::size_t budget) {
  forget_old(now, budget);
  hashes_.shrink_one();
}

void AcknowledgedIds::forget_old(Monotonic now, std::size_t budget) {
  const std::int64_t at = now.time_since_epoch().count();
  for (; budget != 0 && !order_.empty() && order_.front().forget_at <= at; --budget) forget_oldest();
}

// The oldest ones were last touched minutes ago, so each is asked for a few turns before its own.
void AcknowledgedIds::forget_oldest() {
  constexpr std::size_t ahead = 4;
  if (order_.size() > ahead) hashes_.prefetch(order_[ahead].hash);
  hashes_.erase(order_.front().hash);
  order_.pop_front();
}

}  // namespace lethe::mailbox
