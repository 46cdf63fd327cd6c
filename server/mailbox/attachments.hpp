#pragma once
// Which attachment holds which mailbox. A number is used once, so a value of an ended session finds nothing, whatever now
// stands in its slot. One thread.
#include <cstdint>
#include <vector>

#include <lethe/mailbox/mailboxes.hpp>

#include "mailbox/chunk_pool.hpp"

namespace lethe::mailbox {

class Attachments {
 public:
  Attachment open(std::uint32_t mailbox) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.emplace_back();
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    slots_[slot] = {++last_, mailbox};
    return {last_, slot};
  }
  // Precondition: it is open.
  void close(Attachment attachment) {
    slots_[attachment.slot] = {};
    free_.push_back(attachment.slot);
  }
  // kNone for one that is not open.
  std::uint32_t mailbox_of(Attachment attachment) const noexcept {
    if (!attachment || attachment.slot >= slots_.size()) return kNone;
    const Slot& slot = slots_[attachment.slot];
    return slot.number == attachment.number ? slot.mailbox : kNone;
  }

 private:
  struct Slot {
    std::uint64_t number = 0;
    std::uint32_t mailbox = kNone;
  };
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint64_t last_ = 0;
};

}  // namespace lethe::mailbox
