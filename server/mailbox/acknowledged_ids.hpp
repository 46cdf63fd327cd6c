#pragma once
// The ids of acknowledged messages, for MailboxLimits::dedupe: a 64-bit keyed hash of (mailbox, id) each, nothing else.
// Bounded: beyond `capacity` the oldest is forgotten early. Memory is returned as they age. One thread.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>

#include <lethe/base/time.hpp>

#include "mailbox/split_set.hpp"

namespace lethe::mailbox {

class AcknowledgedIds {
 public:
  AcknowledgedIds(std::uint64_t capacity, seconds memory);

  void remember(std::uint64_t hash, Monotonic now);
  bool contains(std::uint64_t hash, Monotonic now);
  // Forgets at most `budget` that are too old.
  void age(Monotonic now, std::size_t budget);
  std::size_t size() const noexcept { return order_.size(); }

  struct Entry {
    std::uint64_t hash;
    std::int64_t forget_at;   // monotonic, ms
  };
  // Oldest first.
  const std::deque<Entry>& entries() const noexcept { return order_; }
  // Takes over one that is forgotten no earlier than any other.
  void restore(const Entry& entry);

 private:
  struct Hash {
    using is_avalanching = void;
    std::size_t operator()(std::uint64_t hash) const noexcept { return hash; }
  };
  void forget_old(Monotonic now, std::size_t budget);
  void forget_oldest();

  std::uint64_t capacity_;
  milliseconds memory_;
  SplitSet<std::uint64_t, Hash, std::equal_to<>> hashes_;
  std::deque<Entry> order_;   // oldest first
};

}  // namespace lethe::mailbox
