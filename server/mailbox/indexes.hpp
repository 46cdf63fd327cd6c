#pragma once
// Where a mailbox or a queued message stands: sets of record numbers, about 8 bytes each, that look into the records for
// what they compare. Hashes are keyed, so nobody can aim for collisions, and one is made once for all that it is asked for.
#include <cstdint>

#include "base/keyed_hash.hpp"
#include "mailbox/mailbox.hpp"
#include "mailbox/split_set.hpp"

namespace lethe::mailbox {

// Mailboxes by address; the hash is Mailbox::hash.
struct AddressHash {
  const MailboxPool* pool;
  std::size_t operator()(std::uint32_t mailbox) const noexcept { return (*pool)[mailbox].hash; }
};

struct AddressEqual {
  const MailboxPool* pool;
  bool operator()(std::uint32_t a, std::uint32_t b) const noexcept { return a == b; }
  bool operator()(const Address& wanted, std::uint32_t mailbox) const noexcept { return (*pool)[mailbox].address == wanted; }
  bool operator()(std::uint32_t mailbox, const Address& wanted) const noexcept { return (*this)(wanted, mailbox); }
};

using AddressIndex = SplitSet<std::uint32_t, AddressHash, AddressEqual>;

// What a message is known by, queued or acknowledged: its mailbox, by the hash of the address, and its id.
inline std::uint64_t message_hash(const KeyedHash& key, std::uint64_t mailbox_hash, const MessageId& id) noexcept {
  return key(mailbox_hash, id.bytes);
}

// Queued messages by mailbox and id: what recognises a repeated send. Receipts are not in it.
struct MessageKey {
  std::uint32_t mailbox;
  const MessageId& id;
};

struct MessageHash {
  const EnvelopePool* envelopes;
  const MailboxPool* mailboxes;
  const KeyedHash* key;
  std::size_t operator()(std::uint32_t entry) const noexcept {
    const Envelope& envelope = (*envelopes)[entry];
    return message_hash(*key, (*mailboxes)[envelope.mailbox].hash, envelope.id);
  }
};

struct MessageEqual {
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
