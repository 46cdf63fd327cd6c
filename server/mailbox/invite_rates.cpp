#include "mailbox/invite_rates.hpp"

#include <chrono>

namespace lethe::mailbox {

seconds InviteRates::wait(std::uint64_t invite, std::uint16_t rate, Monotonic now) const {
  const auto found = windows_.find(invite);
  if (rate == 0 || found == windows_.end() || found->second.end <= now || found->second.messages < rate) return seconds{0};
  return std::chrono::ceil<seconds>(found->second.end - now);
}

void InviteRates::count(std::uint64_t invite, Monotonic now) {
  if (capacity_ == 0) return;
  // Ended windows go first, so that a new one of the same invite never stands beside its old one in `order_`.
  age(now, order_.size());
  const auto [at, added] = windows_.try_emplace(invite, Window{now + window, 0});
  ++at->second.messages;
  if (!added) return;
  order_.push_back({invite, now + window});
  if (order_.size() > capacity_) forget_first();
}

std::uint32_t InviteRates::messages(std::uint64_t invite) const {
  const auto found = windows_.find(invite);
  return found == windows_.end() ? 0 : found->second.messages;
}

void InviteRates::restore(const Ending& ending, std::uint32_t messages) {
  if (capacity_ == 0 || !windows_.try_emplace(ending.invite, Window{ending.end, messages}).second) return;
  order_.push_back(ending);
  if (order_.size() > capacity_) forget_first();
}

void InviteRates::age(Monotonic now, std::size_t budget) {
  for (; budget != 0 && !order_.empty() && order_.front().end <= now; --budget) forget_first();
  if (windows_.bucket_count() > 4'096 && windows_.size() < windows_.bucket_count() / 8) windows_.rehash(windows_.size() * 2);
}

void InviteRates::forget_first() {
  windows_.erase(order_.front().invite);
  order_.pop_front();
}

}  // namespace lethe::mailbox
