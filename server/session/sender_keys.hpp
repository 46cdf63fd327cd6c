#pragma once
// Who sent a message, without saying who: keyed hashes, never 0 (which means «nobody»). Pure functions.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <lethe/mailbox/message.hpp>

#include "base/keyed_hash.hpp"

namespace lethe::session {

mailbox::SenderKey device_sender(const Address& device, const KeyedHash& hash) noexcept;
// `invite_key` is identity::CheckedInvite::key.
mailbox::SenderKey invite_sender(std::uint64_t invite_key) noexcept;
// 0 for an empty topic.
mailbox::TopicKey topic_key(mailbox::SenderKey sender, std::string_view topic, const KeyedHash& hash) noexcept;

// The invites that an anonymous session has sent with: what it may recall. Beyond `capacity` the oldest is forgotten.
class UsedInvites {
 public:
  static constexpr std::size_t capacity = 64;
  void remember(mailbox::SenderKey sender);
  std::span<const mailbox::SenderKey> senders() const noexcept { return senders_; }

 private:
  std::vector<mailbox::SenderKey> senders_;   // a ring once full
  std::size_t oldest_ = 0;
};

}  // namespace lethe::session
