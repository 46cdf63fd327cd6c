#include "base/arena_region.hpp"

namespace lethe {

ArenaRegion::ArenaRegion(ByteCount size, MemoryLocking locking, SecretMemory secret) : mapping_{size, locking, secret} {
  const auto slabs = static_cast<std::uint32_t>(size / Arena::slab_size);
  slabs_.resize(slabs);
  free_.reserve(slabs);
  for (std::uint32_t slab = slabs; slab-- > 0;) free_.push_back(slab);
}

std::uint32_t ArenaRegion::acquire() noexcept {
  const std::lock_guard guard{mutex_};
  if (free_.empty()) return none;
  const std::uint32_t slab = free_.back();
  free_.pop_back();
  return slab;
}

void ArenaRegion::give_back(std::uint32_t slab) noexcept {
  slabs_[slab] = ArenaSlab{};
  // A slab that could not be locked again is lost to the arena: better less room than a payload in swap.
  if (!mapping_.drop(slab)) return;
  const std::lock_guard guard{mutex_};
  free_.push_back(slab);
}

std::size_t ArenaRegion::unheld() noexcept {
  const std::lock_guard guard{mutex_};
  return free_.size();
}

}  // namespace lethe
