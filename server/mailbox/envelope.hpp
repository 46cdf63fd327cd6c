#pragma once
// One entry of a mailbox: a message, or a receipt for the mailbox's owner. 80 bytes, in a pool, addressed by index.
#include <chrono>
#include <cstdint>

#include <lethe/mailbox/message.hpp>

#include "mailbox/chunk_pool.hpp"

namespace lethe::mailbox {

// Longest lifetime that the record can hold (194 days).
inline constexpr std::uint32_t kLongestTtl = (1U << 24) - 1;

struct Envelope {
  Payload payload;
  MessageId id;
  Seq seq = 0;
  std::int64_t received = 0;          // wall clock, ms
  std::int64_t deadline = 0;          // monotonic, ms; expired from then on
  SenderKey sender{};
  std::uint32_t mailbox = kNone;
  std::uint32_t next = kNone;         // in its lane, a ring; unused while in flight
  std::uint32_t previous = kNone;
  std::uint32_t wheel_next = kNone;   // in its slot of the expiry wheel
  std::uint32_t wheel_previous = kNone;
  std::uint32_t ttl : 24 = 0;         // seconds granted; 0 for an ephemeral one
  std::uint32_t urgency : 2 = 0;
  std::uint32_t receipt : 1 = 0;      // not a message: what became of one
  std::uint32_t ephemeral : 1 = 0;    // sent with ttl 0
  std::uint32_t delivered : 1 = 0;    // at least once
  std::uint32_t in_flight : 1 = 0;
  std::uint32_t extra : 1 = 0;        // an EnvelopeExtra stands beside it

  ByteCount bytes() const noexcept { return payload.size(); }
  bool expired(Monotonic now) const noexcept { return deadline <= now.time_since_epoch().count(); }
  // When it ends, by the clock that clients see; the lifetime of an ephemeral one is given by the monotonic deadline.
  Wall expires(std::int64_t ephemeral_ms) const noexcept {
    return Wall{milliseconds{received + (ephemeral != 0 ? ephemeral_ms : std::int64_t{ttl} * 1'000)}};
  }
};
static_assert(sizeof(Envelope) == 80);

// What few entries have.
struct EnvelopeExtra {
  TopicKey topic{};                 // of a message; 0: none
  Address address;                  // of a message: where its receipt goes; of a receipt: the recipient it speaks of
  bool receipt_wanted = false;
  Fate fate = Fate::delivered;      // of a receipt
};

using EnvelopePool = ChunkPool<Envelope>;

}  // namespace lethe::mailbox
