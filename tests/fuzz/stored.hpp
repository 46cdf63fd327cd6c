#pragma once
// A payload's way through a small arena and out again, for the fuzz targets.
#include <cstdint>
#include <vector>

#include "base/arena.hpp"
#include "wire/payload_reader.hpp"
#include "wire/payload_writer.hpp"

namespace lethe::fuzz {

inline wire::PayloadWriter::Stored stored(const wire::PayloadSource& source) {
  static Arena arena{Arena::Options{.size = 4 << 20, .locking = MemoryLocking::off, .shards = 1}};
  return wire::PayloadWriter::store(source, arena.shard(0));
}

// The bytes that are stored; none where they are not.
inline std::vector<std::uint8_t> stored_bytes(const wire::PayloadSource& source) {
  const wire::PayloadWriter::Stored kept = stored(source);
  std::vector<std::uint8_t> bytes(kept.payload.size());
  wire::PayloadReader::copy(kept.payload, wire::Encoding::binary, bytes);
  return bytes;
}

}  // namespace lethe::fuzz
