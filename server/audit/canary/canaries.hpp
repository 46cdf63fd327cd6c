#pragma once
// The byte strings of one trial that must be forgotten, made from the auditor's seed. A payload is a run of 16-byte blocks
//
//   tag[8] | index[4] | random[4]        the tag is one for all payloads of a trial; index is big-endian, over all payloads
//
// cut to its size, so that what remains of a message is counted and located block by block. Smaller payloads than a tag have
// bytes of their own. Metadata canaries (addresses, message ids, invites, topics, client addresses, user agents) are whole.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::audit {

enum class Secret : std::uint8_t { payload, address, message_id, invite, topic, client_address, user_agent };
std::string_view name(Secret secret) noexcept;

struct Marker {
  Secret secret;
  std::vector<std::uint8_t> bytes;    // at least 6
};

using Tag = std::array<std::uint8_t, 8>;

class Canaries {
 public:
  // `seed`: of the auditor, printed in the report; `trial` tells trials of one audit apart.
  Canaries(std::uint64_t seed, std::uint64_t trial);

  // A payload of `size` bytes whose blocks are not in any other one. Below 6 bytes it has no marker (nothing to search for).
  std::vector<std::uint8_t> payload(std::size_t size);
  // The payload that was made is so long and begins with block `index`: to tell whose block was found.
  std::uint32_t blocks() const noexcept { return next_block_; }
  const Tag& tag() const noexcept { return tag_; }
  // The 4-byte mask that every client of the trial uses for its WebSocket frames (RFC 6455, 5.3), so that masked bytes
  // can be searched for.
  const std::array<std::uint8_t, 4>& mask() const noexcept { return mask_; }
  void add(Secret secret, std::span<const std::uint8_t> bytes);
  // Payload markers (the tag, and the bytes of payloads smaller than a block) and metadata markers.
  const std::vector<Marker>& markers() const noexcept { return markers_; }
  // Deterministic random bytes for keys, ids and the like of this trial.
  void fill(std::span<std::uint8_t> bytes);

 private:
  Tag tag_{};
  std::array<std::uint8_t, 4> mask_{};
  std::uint32_t next_block_ = 0;
  std::uint64_t state_;
  std::vector<Marker> markers_;
};

}  // namespace lethe::audit
