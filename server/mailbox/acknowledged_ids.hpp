#pragma once
// The ids of acknowledged messages, for MailboxLimits::dedupe: a 64-bit keyed hash of (mailbox, id) each, nothing else.
// Bounded: beyond `capacity` the oldest is forgotten early. Memory is returned as they age. One thread.
#include <cstddef>
#include <cstdint>
#include <deque>

#include <lethe/base/time.hpp>

#include "mailbox/hash_set.hpp"

namespace lethe::mailbox {

class AcknowledgedIds {
 public:
  AcknowledgedIds(std::uint64_t capacity, seconds memory);

  void remember(std::uint64_t hash, Monotonic now);
  bool contains(std::uint64_t hash, Monotonic now);
  // To be called as soon as a hash is known that one of both will be called with.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const noexcept { hashes_.prefetch(hash); }
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
  void forget_old(Monotonic now, std::size_t budget);
  void forget_oldest();

  std::uint64_t capacity_;
  milliseconds memory_;
  HashSet hashes_;
  std::deque<Entry> order_;   // oldest first
};

}  // namespace lethe::mailbox
