#pragma once
// Reads an engine out for a hand-over, a record at a time. The engine stays as it is. Pure.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "mailbox/moved.hpp"

namespace lethe::mailbox {

class MemoryMailboxes;

class Departure {
 public:
  // The engine outlives this, does not change meanwhile, and has no session. What is left of every time is counted from `now`.
  Departure(const MemoryMailboxes& engine, Instant now);

  // Tells the next record: mailboxes, each with its entries behind it (those that rest last, in their order); then the ids,
  // oldest first; then the rates, by their end. False where there is none left.
  bool step(MovedRecords& to);
  // No seq of a mailbox that is not known begins below it.
  Seq seq_floor() const noexcept;

 private:
  bool step_mailboxes(MovedRecords& to);
  void tell_mailbox(std::uint32_t index, MovedRecords& to) const;
  void tell_entry(std::uint32_t index, MovedRecords& to) const;
  milliseconds left_until(std::int64_t monotonic) const noexcept;

  const MemoryMailboxes& engine_;
  Instant now_;
  std::vector<std::uint32_t> mailboxes_;
  std::size_t next_mailbox_ = 0;
  std::vector<std::uint32_t> entries_;   // of the mailbox that was told last
  std::size_t next_entry_ = 0;
  std::size_t next_id_ = 0;
  std::size_t next_rate_ = 0;
};

}  // namespace lethe::mailbox
