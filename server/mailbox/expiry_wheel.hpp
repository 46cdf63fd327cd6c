#pragma once
// When which entry ends: a hierarchical timing wheel (Varghese and Lauck, 1987) of 4 levels with 64 slots and ticks of
// 256 ms, so 50 days; later deadlines wait on the top level and are looked at again. Its lists run through the records, so
// an entry costs 8 bytes, and adding or removing one is a few writes.
//
// An entry fires in the first tick that begins at or after its deadline, never before the deadline. Order within a tick is
// not defined. One thread.
#include <array>
#include <cstdint>

#include "mailbox/envelope.hpp"

namespace lethe::mailbox {

class ExpiryWheel {
 public:
  static constexpr std::int64_t tick_ms = 256;

  explicit ExpiryWheel(EnvelopePool& pool) noexcept;

  // By Envelope::deadline; a deadline in the past fires at the next advance.
  void add(std::uint32_t entry, Monotonic now) noexcept;
  void remove(std::uint32_t entry) noexcept;
  std::uint64_t size() const noexcept { return size_; }

  // Fires what is due at `now`, calling `fire(entry)`, which must remove the entry. Stops after `budget` steps (an entry
  // fired or moved, or 64 ticks passed) and goes on from there at the next call. Returns false where it stopped so.
  template <class Fire>
  bool advance(Monotonic now, std::uint32_t budget, Fire&& fire) {
    const std::int64_t end = now.time_since_epoch().count() / tick_ms;
    while (tick_ <= end) {
      if (size_ == 0) {
        tick_ = end + 1;
        break;
      }
      if (!cascade(budget)) return false;
      for (std::uint32_t& head = heads_[slot(0, tick_)]; head != kNone; --budget) {
        if (budget == 0) return false;
        fire(head);
      }
      tick_ = next_tick(end);
      if (budget == 0) return false;
      if (tick_ % slots == 0) --budget;
    }
    return true;
  }

 private:
  static constexpr std::int64_t slots = 64;
  static constexpr int levels = 4;
  // In wheel_previous, marks the first of a slot, with the slot's number.
  static constexpr std::uint32_t first_mark = 0x8000'0000;

  static std::uint32_t slot(int level, std::int64_t tick) noexcept {
    return static_cast<std::uint32_t>(level * slots + ((tick >> (6 * level)) & (slots - 1)));
  }
  std::uint32_t slot_for(std::int64_t deadline_tick) const noexcept;
  void link(std::uint32_t entry) noexcept;
  void unlink(std::uint32_t entry) noexcept;
  // Moves down what the higher levels hold for the span that begins at tick_. False where the budget ended first.
  bool cascade(std::uint32_t& budget) noexcept;
  // The next tick with something to do, at most `end` + 1.
  std::int64_t next_tick(std::int64_t end) const noexcept;

  EnvelopePool& pool_;
  std::int64_t tick_ = 0;   // the next to be handled
  std::uint64_t size_ = 0;
  std::array<std::uint32_t, slots * levels> heads_;
};

}  // namespace lethe::mailbox
