#include "audit/canary/canaries.hpp"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace lethe::audit {

std::string_view name(Secret secret) noexcept {
  constexpr std::array<std::string_view, secret_count> names = {"payload", "address",        "message id", "invite",
                                                                "topic",   "client address", "user agent", "ciphertext", "session key"};
  return names[static_cast<std::size_t>(secret)];
}

Canaries::Canaries(std::uint64_t seed, std::uint64_t trial) {
  for (std::size_t i = 0; i < 8; ++i) {
    state_[i] = static_cast<std::uint8_t>(seed >> (8 * i));
    state_[8 + i] = static_cast<std::uint8_t>(trial >> (8 * i));
  }
  std::array<std::uint8_t, Blocks::key_size> key{};
  fill(key);
  pattern_ = Blocks{key};
  // A byte of 0 would leave bytes as they are, and equal ones would make rotations alike.
  for (std::array<std::uint8_t, 4> sorted{}; sorted[0] == 0 || std::ranges::adjacent_find(sorted) != sorted.end();) {
    fill(mask_);
    sorted = mask_;
    std::ranges::sort(sorted);
  }
  markers_.push_back({Secret::payload, {tag().begin(), tag().end()}});
}

std::vector<std::uint8_t> Canaries::payload(std::size_t size) {
  MadePayload made{size, next_block_, 0, std::nullopt};
  std::vector<std::uint8_t> bytes(size);
  if (size < Blocks::size) {
    fill(bytes);
    if (size >= smallest_marker) {
      made.marker = markers_.size();
      markers_.push_back({Secret::payload, bytes});
    }
  } else {
    made.blocks = static_cast<std::uint32_t>((size + Blocks::size - 1) / Blocks::size);
    for (std::size_t at = 0; at < size; at += Blocks::size) {
      const Blocks::Bytes block = pattern_.block(next_block_++);
      std::copy_n(block.begin(), std::min(Blocks::size, size - at), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  payloads_.push_back(made);
  return bytes;
}

std::optional<std::size_t> Canaries::payload_of(std::uint32_t block) const noexcept {
  const auto after = std::ranges::upper_bound(payloads_, block, {}, &MadePayload::first_block);
  // Payloads without blocks share their first block's number with the next that has some, which stands after them.
  if (after == payloads_.begin()) return std::nullopt;
  const auto owner = std::prev(after);
  if (block - owner->first_block >= owner->blocks) return std::nullopt;
  return static_cast<std::size_t>(owner - payloads_.begin());
}

void Canaries::add(Secret secret, std::span<const std::uint8_t> bytes) {
  const std::size_t least = secret == Secret::client_address ? 4 : smallest_marker;
  if (bytes.size() < least) throw std::invalid_argument("a canary is too short to be searched for");
  markers_.push_back({secret, {bytes.begin(), bytes.end()}});
}

void Canaries::fill(std::span<std::uint8_t> bytes) {
  randombytes_buf_deterministic(bytes.data(), bytes.size(), state_.data());
  for (std::size_t i = 16; i < 24 && ++state_[i] == 0; ++i) {}
}

}  // namespace lethe::audit
