#pragma once
// What the whole relay may hold, charged before memory is taken. Shared by the shards: any thread.
//
// An entry is charged its payload (once a mailbox, though the bytes are stored once) and `entry_overhead` bytes for its
// record and index, so that a flood of empty messages is bounded too.
//
// As the charge nears RelayLimits::bytes, lower urgencies are refused first: very-low from the low watermark on, low after
// a third of the way from there to the limit, normal after two thirds, high at the limit.
#include <array>
#include <atomic>
#include <cstdint>

#include <lethe/base/limits.hpp>
#include <lethe/mailbox/message.hpp>

namespace lethe::mailbox {

class RelayBudget {
 public:
  static constexpr ByteCount entry_overhead = 96;

  explicit RelayBudget(const RelayLimits& limits, unsigned shards = 1) noexcept;
  RelayBudget(const RelayBudget&) = delete;
  RelayBudget& operator=(const RelayBudget&) = delete;

  // Takes the charge for one entry of `bytes` payload; false, and nothing taken, where the urgency's mark would be passed.
  bool charge(ByteCount bytes, Urgency urgency) noexcept;
  // For a receipt: it follows a message that has just been released, so the sum does not rise.
  void charge_receipt() noexcept { charged_.fetch_add(entry_overhead, std::memory_order_relaxed); }
  void release(ByteCount bytes) noexcept { charged_.fetch_sub(bytes + entry_overhead, std::memory_order_relaxed); }

  bool add_mailbox() noexcept;
  void remove_mailbox() noexcept { mailboxes_.fetch_sub(1, std::memory_order_relaxed); }

  // Bytes charged now.
  ByteCount charged() const noexcept { return charged_.load(std::memory_order_relaxed); }
  std::uint64_t mailboxes() const noexcept { return mailboxes_.load(std::memory_order_relaxed); }
  // Among how many engines RelayLimits::dedupe_entries and ::invites are divided.
  unsigned shards() const noexcept { return shards_; }

 private:
  std::array<ByteCount, 4> marks_;   // by urgency
  std::uint64_t most_mailboxes_;
  unsigned shards_;
  alignas(64) std::atomic<ByteCount> charged_{0};
  std::atomic<std::uint64_t> mailboxes_{0};
};

}  // namespace lethe::mailbox
