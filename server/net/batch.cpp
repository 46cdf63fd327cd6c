#include "net/batch.hpp"

#include <algorithm>
#include <cstring>

#include "base/check.hpp"

namespace lethe::net {

bool Batch::take(FrameQueue& queue) {
  if (queue.empty() || !empty()) return false;
  const std::span<const std::uint8_t> front = queue.front();
  kind_ = queue.front_kind();
  LETHE_CHECK(front.size() <= lease_.bytes().size());   // ScratchPool's lease size is chosen so (net/relay.cpp)
  std::memcpy(lease_.bytes().data(), front.data(), front.size());
  lease_.used = front.size();
  queue.pop();
  return true;
}

bool Batch::has_room() const noexcept {
  if (empty()) return true;
  return encoder_.encoding() == wire::Encoding::binary && kind_ == wire::Frame::binary && lease_.used < FrameQueue::batch_limit;
}

template <class Entry>
bool Batch::append(const Entry& entry) {
  const std::size_t size = encoder_.size_of(entry);
  const std::size_t limit = empty() ? lease_.bytes().size() : std::min(lease_.bytes().size(), FrameQueue::batch_limit);
  if (!has_room() || lease_.used + size > limit) return false;
  lease_.used += encoder_.encode(entry, lease_.bytes().subspan(lease_.used));
  kind_ = encoder_.frame_of_sent();
  return true;
}

template bool Batch::append(const mailbox::Delivery&);
template bool Batch::append(const mailbox::ReceiptDelivery&);

}  // namespace lethe::net
