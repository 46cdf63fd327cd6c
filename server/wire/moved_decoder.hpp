#pragma once
// Reads the frames of a hand-over (wire/moved_kind.hpp). Bounded by the frame: nothing is allocated but for the labels of a
// mailbox, and what is not as it must be ends it.
#include <cstdint>
#include <span>

#include <lethe/base/ids.hpp>
#include <lethe/wire/messages.hpp>

#include "mailbox/moved.hpp"
#include "wire/moved_encoder.hpp"
#include "wire/moved_kind.hpp"

namespace lethe::wire {

struct MovedPayload {
  MovedPayloadForm form = MovedPayloadForm::none;
  std::uint32_t number = 0;   // of a shared one
  PayloadSource source;       // where it comes with the entry; valid during the call
};

// What a frame says, in order. False: it is not taken, and the rest is not told.
class MovedFrames {
 public:
  virtual ~MovedFrames() = default;
  virtual bool shard(std::uint32_t number, std::uint32_t count, Seq floor) = 0;
  virtual bool on(const mailbox::MovedMailbox& mailbox) = 0;
  virtual bool on(const mailbox::MovedEntry& entry, const MovedPayload& payload) = 0;
  virtual bool on(const mailbox::MovedId& id) = 0;
  virtual bool on(const mailbox::MovedRate& rate) = 0;
  virtual bool counters(std::span<const std::uint64_t> values) = 0;
  virtual bool ticket_keys(std::span<const std::uint8_t> keys) = 0;
  virtual bool end(const MovedTotals& totals) = 0;
};

enum class MovedOutcome { taken, refused, malformed };

// One frame, without its length.
MovedOutcome decode_moved(std::span<const std::uint8_t> frame, MovedFrames& to);

}  // namespace lethe::wire
