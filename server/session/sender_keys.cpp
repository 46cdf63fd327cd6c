#include "session/sender_keys.hpp"

#include <algorithm>

namespace lethe::session {
namespace {

// Domain separation: the same bytes under another name are another key.
constexpr std::array<std::uint8_t, 8> device_domain{'d', 'e', 'v', 'i', 'c', 'e', '/', 's'};
constexpr std::array<std::uint8_t, 8> topic_domain{'t', 'o', 'p', 'i', 'c', '/', 's', 'k'};

constexpr std::uint64_t nonzero(std::uint64_t hash) noexcept { return hash == 0 ? 1 : hash; }

}  // namespace

mailbox::SenderKey device_sender(const Address& device, const KeyedHash& hash) noexcept {
  return mailbox::SenderKey{nonzero(hash(device_domain, device.bytes))};
}

mailbox::SenderKey invite_sender(std::uint64_t invite_key) noexcept {
  return mailbox::SenderKey{nonzero(invite_key)};
}

mailbox::TopicKey topic_key(mailbox::SenderKey sender, std::string_view topic, const KeyedHash& hash) noexcept {
  if (topic.empty()) return mailbox::TopicKey{};
  std::array<std::uint8_t, 16> scope{};
  std::copy(topic_domain.begin(), topic_domain.end(), scope.begin());
  for (std::size_t i = 0; i < 8; ++i) scope[8 + i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(sender) >> (8 * i));
  const KeyedHash::Bytes name{reinterpret_cast<const std::uint8_t*>(topic.data()), topic.size()};
  return mailbox::TopicKey{nonzero(hash(scope, name))};
}

void UsedInvites::remember(mailbox::SenderKey sender) {
  if (std::find(senders_.begin(), senders_.end(), sender) != senders_.end()) return;
  if (senders_.size() < capacity) {
    senders_.push_back(sender);
    return;
  }
  senders_[oldest_] = sender;
  oldest_ = (oldest_ + 1) % capacity;
}

}  // namespace lethe::session
