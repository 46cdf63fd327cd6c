#pragma once
// Replies on their way to one client, already encoded: a session's Outbox at the edge. No payload bytes pass through it.
//
// Each entry is one WebSocket message: kind u8 | length u32 (host order) | bytes. Records that follow each other in a binary
// session join one entry of up to 64 KiB. Memory is given back when it empties after having grown.
#include <cstdint>
#include <span>
#include <vector>

#include "wire/encoder.hpp"

namespace lethe::net {

class FrameQueue {
 public:
  explicit FrameQueue(wire::Encoding encoding) noexcept : encoder_{encoding} {}

  void push(const wire::ServerMessage& message);
  void push(const wire::Sent& message);

  bool empty() const noexcept { return head_ == bytes_.size(); }
  // Bytes waiting, with their entry heads.
  std::size_t size() const noexcept { return bytes_.size() - head_; }
  // Bytes of memory held for them: at most about four times what has waited at once.
  std::size_t memory() const noexcept { return bytes_.capacity(); }
  // The kind and bytes of the first entry; valid until the next push or pop. Precondition: not empty.
  wire::Frame front_kind() const noexcept;
  std::span<const std::uint8_t> front() const noexcept;
  void pop() noexcept;

  // A binary entry takes no further records once it has this many bytes (docs/protocol.md, «Transport»).
  static constexpr std::size_t batch_limit = 65'536;

 private:
  static constexpr std::size_t head_size = 5;
  static constexpr std::size_t keep_capacity = 256;
  static constexpr std::size_t none = ~std::size_t{0};
  std::size_t begin(wire::Frame kind);
  void finish(std::size_t entry) noexcept;
  void move_up() noexcept;
  std::uint32_t length_at(std::size_t entry) const noexcept;

  wire::Encoder encoder_;
  std::vector<std::uint8_t> bytes_;
  std::size_t head_ = 0;
  std::size_t last_ = none;   // where the newest entry begins
};

}  // namespace lethe::net
