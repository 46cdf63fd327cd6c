#pragma once
// A rate with a burst: how much a session or a source may ask for. Tokens come at `rate` a second, and what is not used is
// saved up for ten seconds. It counts in thousandths of a token, so that milliseconds add up without rounding. A value of
// 24 bytes; no clock, no failure.
#include <algorithm>
#include <cstdint>

#include <lethe/base/time.hpp>

namespace lethe::session {

class TokenBucket {
 public:
  static constexpr std::uint64_t burst_seconds = 10;
  // Faster ones are held to this one, so that no product overflows.
  static constexpr std::uint64_t fastest = std::uint64_t{1} << 40;
  // What retry_after says where the rate is 0 and no wait helps.
  static constexpr seconds never{3'600};

  // Starts full. A rate of 0 refuses everything.
  TokenBucket(std::uint64_t rate, Monotonic now) noexcept;

  // Takes `n` tokens, or none and says false. More than the burst is asked of a full bucket and empties it, so that a large
  // request waits and is not refused for ever. A `now` before the last one counts as the last one.
  bool take(std::uint64_t n, Monotonic now) noexcept;
  // Takes `n` tokens whether or not they are there; what is missing is owed, up to the burst. For costs known afterwards.
  void charge(std::uint64_t n, Monotonic now) noexcept;
  // Until `take(n)` would succeed if nothing else were taken, rounded up; 0: it would now. Never more than 20 s or `never`.
  seconds retry_after(std::uint64_t n, Monotonic now) const noexcept;
  // Nothing was taken that has not come back: the bucket is as new.
  bool full(Monotonic now) const noexcept;

 private:
  static constexpr std::int64_t thousandths = 1'000;
  // From the deepest debt to full.
  static constexpr milliseconds whole_refill{2 * burst_seconds * 1'000};

  std::int64_t cost_of(std::uint64_t n) const noexcept {
    const std::uint64_t burst = static_cast<std::uint64_t>(rate_) * burst_seconds;
    return static_cast<std::int64_t>(std::min(n, burst)) * thousandths;
  }
  std::int64_t capacity() const noexcept { return rate_ * static_cast<std::int64_t>(burst_seconds) * thousandths; }
  std::int64_t level(Monotonic now) const noexcept {
    if (now <= at_) return level_;
    // However long the bucket was left alone, no more than a whole refill counts.
    const milliseconds elapsed = std::min<milliseconds>(now - at_, whole_refill);
    return std::min(capacity(), level_ + elapsed.count() * rate_);
  }
  void settle(Monotonic now) noexcept {
    level_ = level(now);
    at_ = std::max(at_, now);
  }

  std::int64_t rate_;     // tokens a second = thousandths a millisecond
  std::int64_t level_;    // thousandths; negative: owed
  Monotonic at_;          // of `level_`
};

}  // namespace lethe::session
