#pragma once
// The mailboxes that hold nothing and belong to an absent device, in the order in which they will be forgotten: a ring
// through the records.
#include <cstdint>

#include "mailbox/mailbox.hpp"

namespace lethe::mailbox {

class RestList {
 public:
  explicit RestList(MailboxPool& pool) noexcept : pool_{pool} {}

  std::uint32_t first() const noexcept { return head_; }

  // Precondition: forget_at is not before that of any other.
  void append(std::uint32_t mailbox) noexcept {
    Mailbox& added = pool_[mailbox];
    if (head_ == kNone) {
      head_ = added.rest_next = added.rest_previous = mailbox;
      return;
    }
    Mailbox& first = pool_[head_];
    added.rest_next = head_;
    added.rest_previous = first.rest_previous;
    pool_[first.rest_previous].rest_next = mailbox;
    first.rest_previous = mailbox;
  }

  void remove(std::uint32_t mailbox) noexcept {
    Mailbox& gone = pool_[mailbox];
    if (gone.rest_next == mailbox) {
      head_ = kNone;
    } else {
      pool_[gone.rest_previous].rest_next = gone.rest_next;
      pool_[gone.rest_next].rest_previous = gone.rest_previous;
      if (head_ == mailbox) head_ = gone.rest_next;
    }
    gone.rest_next = gone.rest_previous = kNone;
  }

 private:
  MailboxPool& pool_;
  std::uint32_t head_ = kNone;
};

}  // namespace lethe::mailbox
