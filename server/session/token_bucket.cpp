#include "session/token_bucket.hpp"

#include <algorithm>

namespace lethe::session {

TokenBucket::TokenBucket(std::uint64_t rate, Monotonic now) noexcept
    : rate_{static_cast<std::int64_t>(std::min(rate, fastest))}, level_{capacity()}, at_{now} {}

bool TokenBucket::take(std::uint64_t n, Monotonic now) noexcept {
  if (n > 0 && rate_ == 0) return false;
  settle(now);
  const std::int64_t cost = cost_of(n);
  if (n > 0 && level_ < cost) return false;
  level_ -= cost;
  return true;
}

void TokenBucket::charge(std::uint64_t n, Monotonic now) noexcept {
  settle(now);
  const std::uint64_t most = 2 * burst_seconds * static_cast<std::uint64_t>(rate_);
  const std::int64_t cost = static_cast<std::int64_t>(std::min(n, most)) * thousandths;
  level_ = std::max(-capacity(), level_ - cost);
}

seconds TokenBucket::retry_after(std::uint64_t n, Monotonic now) const noexcept {
  if (n == 0) return seconds{0};
  if (rate_ == 0) return never;
  const std::int64_t missing = cost_of(n) - level(now);
  if (missing <= 0) return seconds{0};
  const std::int64_t a_second = rate_ * thousandths;
  return seconds{(missing + a_second - 1) / a_second};
}

bool TokenBucket::full(Monotonic now) const noexcept {
  return level(now) == capacity();
}

}  // namespace lethe::session
