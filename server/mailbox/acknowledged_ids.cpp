#include "mailbox/acknowledged_ids.hpp"

namespace lethe::mailbox {

AcknowledgedIds::AcknowledgedIds(std::uint64_t capacity, seconds memory)
    : capacity_{capacity}, memory_{memory}, hashes_{Hash{}, std::equal_to<>{}} {}

void AcknowledgedIds::remember(std::uint64_t hash, Monotonic now) {
  if (capacity_ == 0 || memory_.count() == 0) return;
  forget_old(now, order_.size());
  restore({hash, (now + memory_).time_since_epoch().count()});
}

void AcknowledgedIds::restore(const Entry& entry) {
  if (capacity_ == 0 || !hashes_.insert(entry.hash, entry.hash)) return;
  order_.push_back(entry);
  if (order_.size() > capacity_) forget_oldest();
}

bool AcknowledgedIds::contains(std::uint64_t hash, Monotonic now) {
  forget_old(now, order_.size());
  return !order_.empty() && hashes_.contains(hash, hash);
}

void AcknowledgedIds::age(Monotonic now, std::size_t budget) {
  forget_old(now, budget);
  hashes_.shrink_one();
}

void AcknowledgedIds::forget_old(Monotonic now, std::size_t budget) {
  const std::int64_t at = now.time_since_epoch().count();
  for (; budget != 0 && !order_.empty() && order_.front().forget_at <= at; --budget) forget_oldest();
}

void AcknowledgedIds::forget_oldest() {
  hashes_.erase(order_.front().hash, order_.front().hash);
  order_.pop_front();
}

}  // namespace lethe::mailbox
