#pragma once
// Where a mailbox or a queued message stands: sets of record numbers, about 8 bytes each, that look into the records for
// what they compare. Hashes are keyed, so nobody can aim for collisions.
#include <array>
#include <bit>
#include <cstdint>

#include "base/keyed_hash.hpp"
#include "mailbox/mailbox.hpp"
#include "mailbox/split_set.hpp"

namespace lethe::mailbox {

// Mailboxes by address.
struct AddressKey {
  const Address& address;
  std::uint64_t hash;
};

struct AddressHash {
  using is_transparent = void;
  using is_avalanching = void;
  const MailboxPool* pool;
  const KeyedHash* key;
  std::size_t operator()(std::uint32_t mailbox) const noexcept { return (*key)((*pool)[mailbox].address.bytes); }
  std::size_t operator()(const AddressKey& wanted) const noexcept { return wanted.hash; }
};

struct AddressEqual {
  using is_transparent = void;
  const MailboxPool* pool;
  bool operator()(std::uint32_t a, std::uint32_t b) const noexcept { return a == b; }
  bool operator()(const AddressKey& wanted, std::uint32_t mailbox) const noexcept {
    return (*pool)[mailbox].address == wanted.address;
  }
  bool operator()(std::uint32_t mailbox, const AddressKey& wanted) const noexcept { return (*this)(wanted, mailbox); }
};

using AddressIndex = SplitSet<std::uint32_t, AddressHash, AddressEqual>;

// Queued messages by mailbox and id: what recognises a repeated send. Receipts are not in it.
struct MessageKey {
  std::uint32_t mailbox;
  const MessageId& id;
};

struct MessageHash {
  using is_transparent = void;
  using is_avalanching = void;
  const EnvelopePool* pool;
  const KeyedHash* key;
  std::size_t operator()(const MessageKey& wanted) const noexcept {
    const auto mailbox = std::bit_cast<std::array<std::uint8_t, 4>>(wanted.mailbox);
    return (*key)(mailbox, wanted.id.bytes);
  }
  std::size_t operator()(std::uint32_t entry) const noexcept {
    return (*this)(MessageKey{(*pool)[entry].mailbox, (*pool)[entry].id});
  }
};

struct MessageEqual {
  using is_transparent = void;
  const EnvelopePool* pool;
  bool operator()(std::uint32_t a, std::uint32_t b) const noexcept { return a == b; }
  bool operator()(const MessageKey& wanted, std::uint32_t entry) const noexcept {
    return (*pool)[entry].mailbox == wanted.mailbox && (*pool)[entry].id == wanted.id;
  }
  bool operator()(std::uint32_t entry, const MessageKey& wanted) const noexcept { return (*this)(wanted, entry); }
};

using MessageIndex = SplitSet<std::uint32_t, MessageHash, MessageEqual>;

// Undelivered messages by mailbox and topic.
struct TopicSlot {
  std::uint32_t mailbox;
  TopicKey topic;
  friend bool operator==(const TopicSlot&, const TopicSlot&) = default;
};

struct TopicSlotHash {
  std::size_t operator()(const TopicSlot& slot) const noexcept {
    return static_cast<std::uint64_t>(slot.topic) ^ (std::uint64_t{slot.mailbox} * 0x9e37'79b9'7f4a'7c15U);
  }
};

}  // namespace lethe::mailbox
