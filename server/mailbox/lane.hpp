#pragma once
// The waiting entries of one mailbox and one urgency: a ring through Envelope::next and previous, of which the mailbox
// keeps the head alone (4 bytes). Order: first those that were in flight when a session ended (`delivered`), by seq; then
// the others, by seq.
#include <cstdint>

#include "mailbox/envelope.hpp"

namespace lethe::mailbox {

struct Lane {
  std::uint32_t head = kNone;

  bool empty() const noexcept { return head == kNone; }
  std::uint32_t last(const EnvelopePool& pool) const noexcept { return empty() ? kNone : pool[head].previous; }
  // The entry behind `entry`, or kNone at the end.
  std::uint32_t after(const EnvelopePool& pool, std::uint32_t entry) const noexcept {
    const std::uint32_t next = pool[entry].next;
    return next == head ? kNone : next;
  }
  // The first entry that was never delivered, or kNone.
  std::uint32_t first_undelivered(const EnvelopePool& pool) const noexcept;

  void append(EnvelopePool& pool, std::uint32_t entry) noexcept;
  // Puts a delivered entry back in its place among the delivered ones. Cheapest for a batch from highest to lowest seq.
  void put_back(EnvelopePool& pool, std::uint32_t entry) noexcept;
  void remove(EnvelopePool& pool, std::uint32_t entry) noexcept;

 private:
  void insert_before(EnvelopePool& pool, std::uint32_t entry, std::uint32_t before) noexcept;
};

}  // namespace lethe::mailbox
