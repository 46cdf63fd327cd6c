#include "wire/payload_writer.hpp"

#include <cstring>
#include <string_view>

#include "base/arena.hpp"
#include "base/base64url.hpp"

namespace lethe::wire {

PayloadWriter::Stored PayloadWriter::store(const PayloadSource& source, ArenaShard& arena) noexcept {
  const std::span<const std::uint8_t> at = source.at_;
  if (source.size_ > Arena::largest_block) return {Outcome::arena_full, {}};
  ArenaBlock* const block = arena.allocate(source.size_);
  if (block == nullptr) return {Outcome::arena_full, {}};
  // Owned before it is filled: a refusal below releases it, and the release overwrites what was decoded so far.
  mailbox::Payload payload{block, mailbox::PayloadKey{}};
  const std::span<std::uint8_t> bytes = block->bytes();
  if (source.encoding_ == Encoding::binary) {
    if (at.size() != bytes.size()) return {};
    if (!at.empty()) std::memcpy(bytes.data(), at.data(), at.size());
    return {Outcome::stored, std::move(payload)};
  }
  const std::string_view text{reinterpret_cast<const char*>(at.data()), at.size()};
  if (base64url::decode(text, bytes) != bytes.size()) return {};
  return {Outcome::stored, std::move(payload)};
}

}  // namespace lethe::wire
