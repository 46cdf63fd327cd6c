#include "session/token_bucket.hpp"

#include <algorithm>

namespace lethe::session {
namespace {
constexpr std::int64_t thousandths = 1'000;
// From the deepest debt to full.
constexpr milliseconds whole_refill{2 * TokenBucket::burst_seconds * 1'000};
}  // namespace

TokenBucket::TokenBucket(std::uint64_t rate, Monotonic now) noexcept
    : rate_{static_cast<std::int64_t>(std::min(rate, fastest))}, level_{capacity()}, at_{now} {}

std::int64_t TokenBucket::capacity() const noexcept {
  return rate_ * static_cast<std::int64_t>(burst_seconds) * thousandths;
}

std::int64_t TokenBucket::cost_of(std::uint64_t n) const noexcept {
  const std::uint64_t burst = static_cast<std::uint64_t>(rate_) * burst_seconds;
  return static_cast<std::int64_t>(std::min(n, burst)) * thousandths;
}

std::int64_t TokenBucket::level(Monotonic now) const noexcept {
  if (now <= at_) return level_;
  // However long the bucket was left alone, no more than a whole refill counts.
  const milliseconds elapsed = std::min<milliseconds>(now - at_, whole_refill);
  return std::min(capacity(), level_ + elapsed.count() * rate_);
}

void TokenBucket::settle(Monotonic now) noexcept {
  level_ = level(now);
  at_ = std::max(at_, now);
}

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
