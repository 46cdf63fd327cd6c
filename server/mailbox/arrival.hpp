#pragma once
// Fills an engine that is still empty with what another process's engines held. Each record is charged and looked at before it
// is taken; the first that is not taken ends the hand-over, and the engine is of no use. Pure.
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "mailbox/moved.hpp"

namespace lethe::mailbox {

class MemoryMailboxes;

class Arrival {
 public:
  enum class Outcome { taken, no_room, malformed };

  // The engine outlives this and has no session. What is left of every time is counted from `now`.
  Arrival(MemoryMailboxes& engine, Instant now) : engine_{engine}, now_{now} {}

  // A mailbox, then each of its entries.
  Outcome take(const MovedMailbox& mailbox);
  Outcome take(const MovedEntry& entry, Payload payload);
  // Once, oldest first; where they are more than fit, the youngest are kept.
  void take(std::span<const MovedId> ids);
  // Once, by their end.
  void take(std::span<const MovedRate> rates);
  // The last call. `floor`: no seq of a mailbox that is not known begins below it.
  Outcome finish(Seq floor);

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;
  bool plausible(const MovedEntry& entry, ByteCount bytes) const;
  bool last_is_sound() const;

  MemoryMailboxes& engine_;
  Instant now_;
  std::uint32_t mailbox_ = none;
  std::vector<std::pair<std::int64_t, std::uint32_t>> resting_;   // when they are forgotten, and which
};

}  // namespace lethe::mailbox
