#pragma once
// The stream of a hand-over (docs/adr/0012-hand-over.md): frames of a u32 length and as many bytes, which hold whole records.
// A record is a kind and its fields, integers big-endian, as moved_encoder.cpp writes them. Whoever changes a record changes
// `hand_over_version` (base/hand_over.hpp) with it.
#include <cstddef>
#include <cstdint>

#include "base/arena.hpp"

namespace lethe::wire {

enum class MovedKind : std::uint8_t { shard = 1, mailbox, entry, id, rate, counters, ticket_keys, end };

// How an entry has its payload: none, its own, one that others will share, one that came before.
enum class MovedPayloadForm : std::uint8_t { none, own, first, again };

// A frame is sent once it holds so much, and with the largest record on top it is no longer than that.
inline constexpr std::size_t moved_frame_mark = 196'608;
inline constexpr std::size_t longest_moved_frame = 524'288;
static_assert(moved_frame_mark + Arena::largest_block + 8'192 < longest_moved_frame);

}  // namespace lethe::wire
