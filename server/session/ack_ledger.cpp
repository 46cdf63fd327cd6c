#include "session/ack_ledger.hpp"

#include <algorithm>

namespace lethe::session {

std::uint64_t AckLedger::carried_out(std::uint32_t removed) {
  if (done_ < asked_) ++done_;
  in_flight_ -= std::min<std::uint64_t>(in_flight_, removed);
  std::uint64_t due = 0;
  auto next = waiting_.begin();
  for (; next != waiting_.end() && next->after <= done_; ++next) due += next->pings;
  waiting_.erase(waiting_.begin(), next);
  pings_ -= due;
  return due;
}

bool AckLedger::ping() {
  if (under_way() == 0) return true;
  if (waiting_.empty() || waiting_.back().after != asked_) waiting_.push_back({asked_, 0});
  ++waiting_.back().pings;
  ++pings_;
  return false;
}

}  // namespace lethe::session
