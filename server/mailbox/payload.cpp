#include <lethe/mailbox/payload.hpp>

#include "base/arena.hpp"

namespace lethe::mailbox {

std::size_t Payload::size() const noexcept { return block_ == nullptr ? 0 : block_->size; }

std::span<std::uint8_t> Payload::writable(PayloadKey) noexcept {
  return block_ == nullptr ? std::span<std::uint8_t>{} : block_->bytes();
}

std::span<const std::uint8_t> Payload::readable(PayloadKey) const noexcept {
  return block_ == nullptr ? std::span<const std::uint8_t>{} : block_->bytes();
}

Payload Payload::share(ShareKey) const noexcept {
  Payload shared;
  if (block_ != nullptr) block_->retain();
  shared.block_ = block_;
  return shared;
}

const void* Payload::shared(ShareKey) const noexcept {
  return block_ != nullptr && block_->references.load(std::memory_order_relaxed) > 1 ? block_ : nullptr;
}

void Payload::reset() noexcept {
  if (block_ == nullptr) return;
  block_->release();
  block_ = nullptr;
}

}  // namespace lethe::mailbox
