#pragma once
// Writes records of a hand-over into one frame (wire/moved_kind.hpp). No allocation.
#include <cstddef>
#include <cstdint>
#include <span>

#include <lethe/base/ids.hpp>

#include "mailbox/moved.hpp"
#include "mailbox/shared_payloads.hpp"
#include "wire/moved_kind.hpp"

namespace lethe::wire {

// What has been told in all, for the other side to compare.
struct MovedTotals {
  std::uint64_t mailboxes = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;   // of payloads, each mailbox counted
  friend bool operator==(const MovedTotals&, const MovedTotals&) = default;
};

class MovedEncoder final : public mailbox::MovedRecords {
 public:
  // `memory`: longest_moved_frame bytes; what is in it stays the caller's to overwrite.
  MovedEncoder(std::span<std::uint8_t> memory, mailbox::SharedPayloads& shared) noexcept : memory_{memory}, shared_{shared} {}

  bool full() const noexcept { return used_ >= moved_frame_mark; }
  bool empty() const noexcept { return used_ == 0; }
  std::span<const std::uint8_t> frame() const noexcept { return memory_.first(used_); }
  // Begins the next frame.
  void clear() noexcept { used_ = 0; }
  const MovedTotals& totals() const noexcept { return totals_; }

  // What follows is of this shard, of so many.
  void shard(std::uint32_t number, std::uint32_t count, Seq floor) noexcept;
  void on(const mailbox::MovedMailbox& mailbox) override;
  void on(const mailbox::MovedEntry& entry, const mailbox::Payload& payload) override;
  void on(const mailbox::MovedId& id) override;
  void on(const mailbox::MovedRate& rate) override;
  void counters(std::span<const std::uint64_t> values) noexcept;
  // Opaque here.
  void ticket_keys(std::span<const std::uint8_t> keys) noexcept;
  void end() noexcept;

 private:
  std::uint8_t* place(std::size_t size) noexcept;
  void u8(std::uint8_t value) noexcept { *place(1) = value; }
  void u16(std::uint16_t value) noexcept;
  void u32(std::uint32_t value) noexcept;
  void u64(std::uint64_t value) noexcept;
  void left(milliseconds value) noexcept { u64(static_cast<std::uint64_t>(value.count())); }
  void bytes(std::span<const std::uint8_t> bytes) noexcept;
  void kind(MovedKind kind) noexcept { u8(static_cast<std::uint8_t>(kind)); }
  void payload(const mailbox::Payload& payload);

  std::span<std::uint8_t> memory_;
  mailbox::SharedPayloads& shared_;
  std::size_t used_ = 0;
  MovedTotals totals_;
};

}  // namespace lethe::wire
