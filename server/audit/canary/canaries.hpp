#pragma once
// The byte strings of one trial that must be forgotten, made from the auditor's seed. A payload is a run of the blocks of
// canary/blocks.hpp, cut to its size, so that what remains of a message is counted and located block by block. Payloads
// smaller than a block have bytes of their own. Metadata canaries (addresses, message ids, invites, topics, client addresses,
// user agents) are whatever the workload uses; ciphertext is what the clients saw on their sockets, session keys what TLS
// agreed on with them.
//
// Not for several threads at once.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "audit/canary/blocks.hpp"

namespace lethe::audit {

enum class Secret : std::uint8_t { payload, address, message_id, invite, topic, client_address, user_agent, ciphertext, session_key };
inline constexpr std::size_t secret_count = 9;
// As the report names it: the enumerator, with a blank for «_».
std::string_view name(Secret secret) noexcept;

// What is searched for.
struct Marker {
  Secret secret;
  std::vector<std::uint8_t> bytes;   // at least `smallest_marker`; a client's address: 4 or 16 bytes in network order, or text
};
inline constexpr std::size_t smallest_marker = 6;

// One payload, in the order of making.
struct MadePayload {
  std::size_t size = 0;
  std::uint32_t first_block = 0;        // its blocks follow each other; where it has some
  std::uint32_t blocks = 0;             // the last may be cut; 0 for a payload smaller than a block
  std::optional<std::size_t> marker;    // of one smaller than a block, where it has one: its place in markers()
};

class Canaries {
 public:
  // `seed`: of the auditor, printed in the report; `trial` tells trials of one audit apart.
  Canaries(std::uint64_t seed, std::uint64_t trial);

  // A payload of `size` bytes whose blocks are not in any other one. Below `smallest_marker` bytes it has no marker: it can't
  // be searched for.
  std::vector<std::uint8_t> payload(std::size_t size);
  const std::vector<MadePayload>& payloads() const noexcept { return payloads_; }
  // Whose block that is: a place in payloads().
  std::optional<std::size_t> payload_of(std::uint32_t block) const noexcept;
  std::uint32_t blocks() const noexcept { return next_block_; }   // made so far: the next one's index
  const Blocks& pattern() const noexcept { return pattern_; }
  const Tag& tag() const noexcept { return pattern_.tag(); }

  // The 4-byte mask that every client of the trial uses for its WebSocket frames (RFC 6455, 5.3), so that masked bytes
  // can be searched for.
  const std::array<std::uint8_t, 4>& mask() const noexcept { return mask_; }
  // A metadata canary. Throws std::invalid_argument for less than `smallest_marker` bytes, a client's address of 4 excepted.
  void add(Secret secret, std::span<const std::uint8_t> bytes);
  // The tag, the payloads smaller than a block, and what was added. The tag is the first.
  const std::vector<Marker>& markers() const noexcept { return markers_; }
  // Deterministic random bytes for keys, ids and the like of this trial.
  void fill(std::span<std::uint8_t> bytes);

 private:
  std::array<std::uint8_t, 32> state_{};
  Blocks pattern_;
  std::array<std::uint8_t, 4> mask_{};
  std::uint32_t next_block_ = 0;
  std::vector<MadePayload> payloads_;
  std::vector<Marker> markers_;
};

}  // namespace lethe::audit
