#pragma once
// What moves from the engines of one process to those of another in a hand-over (docs/adr/0012-hand-over.md): records that
// stand alone, in the order in which they are to be taken. Times are what is left of them, so no clock is shared, and nothing
// says which shard it comes from but what has no address.
#include <cstdint>
#include <optional>
#include <vector>

#include <lethe/base/ids.hpp>
#include <lethe/base/time.hpp>
#include <lethe/mailbox/message.hpp>

namespace lethe::mailbox {

struct MovedMailbox {
  Address address;
  Seq next_seq = 1;
  Missed missed;
  std::vector<InviteLabel> revoked;
  std::uint32_t generation = 0;
  std::uint16_t window = 0;
  Urgency min_urgency = Urgency::very_low;
  bool anyone = false;
  bool known = false;
  std::optional<milliseconds> rest;   // of an empty one: until it is forgotten
};

// Of the mailbox before it; a receipt where `fate` is set.
struct MovedEntry {
  MessageId id;
  Seq seq = 0;
  Wall received;
  milliseconds left{0};             // until it expires; below 0 where the sweep is late
  seconds ttl{0};
  Urgency urgency = Urgency::normal;
  SenderKey sender{};
  TopicKey topic{};
  bool delivered = false;
  std::optional<Address> address;   // of a message: where its receipt goes, if one does; of a receipt: whom it speaks of
  std::optional<Fate> fate;
};

// A hash of an id that was acknowledged lately.
struct MovedId {
  std::uint64_t hash = 0;
  milliseconds left{0};
};

// The window of an invite whose rate is limited.
struct MovedRate {
  std::uint64_t invite = 0;
  std::uint32_t messages = 0;
  milliseconds left{0};
};

// Where they go.
class MovedRecords {
 public:
  virtual ~MovedRecords() = default;
  virtual void on(const MovedMailbox& mailbox) = 0;
  virtual void on(const MovedEntry& entry, const Payload& payload) = 0;
  virtual void on(const MovedId& id) = 0;
  virtual void on(const MovedRate& rate) = 0;
};

}  // namespace lethe::mailbox
