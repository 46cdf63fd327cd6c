#include "mailbox/expiry_wheel.hpp"

#include <algorithm>

namespace lethe::mailbox {

ExpiryWheel::ExpiryWheel(EnvelopePool& pool) noexcept : pool_{pool} { heads_.fill(kNone); }

void ExpiryWheel::add(std::uint32_t entry, Monotonic now) noexcept {
  // An empty wheel has nothing to catch up with.
  if (size_ == 0) tick_ = std::max(tick_, now.time_since_epoch().count() / tick_ms);
  link(entry);
  ++size_;
}

void ExpiryWheel::remove(std::uint32_t entry) noexcept {
  unlink(entry);
  --size_;
}

std::uint32_t ExpiryWheel::slot_for(std::int64_t deadline_tick) const noexcept {
  const std::int64_t due = std::max(deadline_tick, tick_);
  for (int level = 0; level < levels; ++level) {
    if (due - tick_ < std::int64_t{1} << (6 * (level + 1))) return slot(level, due);
  }
  return slot(levels - 1, tick_ + (std::int64_t{1} << (6 * levels)) - 1);
}

void ExpiryWheel::link(std::uint32_t entry) noexcept {
  Envelope& added = pool_[entry];
  const std::uint32_t where = slot_for((added.deadline + tick_ms - 1) / tick_ms);
  added.wheel_next = heads_[where];
  added.wheel_previous = first_mark | where;
  if (added.wheel_next != kNone) pool_[added.wheel_next].wheel_previous = entry;
  heads_[where] = entry;
}

void ExpiryWheel::unlink(std::uint32_t entry) noexcept {
  Envelope& gone = pool_[entry];
  if ((gone.wheel_previous & first_mark) != 0) {
    heads_[gone.wheel_previous & ~first_mark] = gone.wheel_next;
  } else {
    pool_[gone.wheel_previous].wheel_next = gone.wheel_next;
  }
  if (gone.wheel_next != kNone) pool_[gone.wheel_next].wheel_previous = gone.wheel_previous;
  gone.wheel_next = gone.wheel_previous = kNone;
}

bool ExpiryWheel::cascade(std::uint32_t& budget) noexcept {
  for (int level = levels - 1; level > 0; --level) {
    if ((tick_ & ((std::int64_t{1} << (6 * level)) - 1)) != 0) continue;
    for (std::uint32_t& head = heads_[slot(level, tick_)]; head != kNone; --budget) {
      if (budget == 0) return false;
      const std::uint32_t entry = head;
      unlink(entry);
      link(entry);
    }
  }
  return true;
}

std::int64_t ExpiryWheel::next_tick(std::int64_t end) const noexcept {
  std::int64_t tick = tick_ + 1;
  while (tick <= end && tick % slots != 0 && heads_[slot(0, tick)] == kNone) ++tick;
  return tick;
}

}  // namespace lethe::mailbox
