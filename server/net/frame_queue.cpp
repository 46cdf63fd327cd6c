#include "net/frame_queue.hpp"

#include <cstring>

#include <lethe/base/wipe.hpp>

#include "base/check.hpp"
#include "base/mutation.hpp"

namespace lethe::net {

void FrameQueue::push(const wire::ServerMessage& message) {
  const std::size_t entry = begin(encoder_.frame_of(message));
  encoder_.encode(message, bytes_);
  finish(entry);
}

void FrameQueue::push(const wire::Sent& message) {
  const std::size_t entry = begin(encoder_.frame_of_sent());
  encoder_.encode(message, bytes_);
  finish(entry);
}

// Opens an entry, or goes on with the last one where records may join it.
std::size_t FrameQueue::begin(wire::Frame kind) {
  const bool joins = kind == wire::Frame::binary && last_ != none && static_cast<wire::Frame>(bytes_[last_]) == kind &&
                     length_at(last_) < batch_limit;
  if (joins) return last_;
  last_ = bytes_.size();
  bytes_.resize(last_ + head_size);
  bytes_[last_] = static_cast<std::uint8_t>(kind);
  return last_;
}

void FrameQueue::finish(std::size_t entry) noexcept {
  const auto length = static_cast<std::uint32_t>(bytes_.size() - entry - head_size);
  std::memcpy(bytes_.data() + entry + 1, &length, sizeof length);
}

std::uint32_t FrameQueue::length_at(std::size_t entry) const noexcept {
  std::uint32_t length = 0;
  std::memcpy(&length, bytes_.data() + entry + 1, sizeof length);
  return length;
}

wire::Frame FrameQueue::front_kind() const noexcept { return static_cast<wire::Frame>(bytes_[head_]); }

std::span<const std::uint8_t> FrameQueue::front() const noexcept {
  return {bytes_.data() + head_ + head_size, length_at(head_)};
}

// A queue that never empties would grow by all that passes through it.
void FrameQueue::move_up() noexcept {
  if (head_ < keep_capacity || head_ < bytes_.size() / 2) return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
  last_ -= head_;
  head_ = 0;
}

void FrameQueue::pop() noexcept {
  LETHE_CHECK(!empty());
  const std::size_t size = head_size + length_at(head_);
  // No payload, but ids and addresses.
  if (LETHE_KEEP(reply_wipe)) wipe(bytes_.data() + head_, size);
  head_ += size;
  if (head_ <= last_ && last_ != none) return move_up();
  bytes_.clear();
  head_ = 0;
  last_ = none;
  if (bytes_.capacity() > keep_capacity) std::vector<std::uint8_t>{}.swap(bytes_);
}

}  // namespace lethe::net
