#pragma once
// How a hand-over begins, over a UNIX socket: what both ends say before anything moves (docs/adr/0012-hand-over.md). Both are
// programs of this project on one machine, so the bytes are those of memory.
//
//   successor                       predecessor
//   HandOverGreeting           ->
//                              <-   HandOverAnswer; where welcome with the listening sockets (SCM_RIGHTS), in the order of its fields
//   step `ready`               ->                       has started completely, and only then the sessions end
//                              <-   frames (wire/moved_kind.hpp), the last of which says so; a frame of length 0: it has given up
//   step `complete`            ->                       has all of it
//                              <-   step `go`           serves no more. Or step `stop`: has changed its mind
//   step `taken`               ->                       serves from now on; the predecessor overwrites its memory and ends
//
// Only death ends a connection without a word: whose peer dies after `complete` has all of it, and serves.
#include <array>
#include <cstdint>
#include <string_view>

#include "base/keyed_hash.hpp"

namespace lethe {

// Of everything above, of the records, and of what stands hashed in them.
inline constexpr std::uint32_t hand_over_version = 2;
inline constexpr std::array<char, 8> hand_over_magic{'L', 'E', 'T', 'H', 'E', '/', 'h', 'o'};

struct HandOverGreeting {
  std::array<char, 8> magic = hand_over_magic;
  std::uint32_t version = hand_over_version;
  std::uint32_t reserved = 0;
};

enum class HandOverWelcome : std::uint32_t { welcome, other_version, other_user, going_down };

struct HandOverAnswer {
  HandOverGreeting greeting;
  HandOverWelcome welcome = HandOverWelcome::welcome;
  std::uint32_t admin = 0;          // 1: the admin pages' socket is among the sockets, between the clients' and this one's
  std::uint64_t epoch = 0;
  KeyedHash::Key hash{};            // under which mailboxes are placed and senders, topics and ids are named
};

enum class HandOverStep : char { ready = 'r', complete = 'c', go = 'g', stop = 'x', taken = 't' };

// As it is configured: `@name` for an abstract name, else a path; as the kernel wants it.
inline constexpr std::size_t longest_hand_over_name = 107;

}  // namespace lethe
