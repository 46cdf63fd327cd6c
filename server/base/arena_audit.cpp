// The arena's self-audit: is what is free all zero?
#include <algorithm>

#include "base/arena.hpp"
#include "base/arena_region.hpp"
#include "base/zero.hpp"

namespace lethe {
namespace {

void examine(ArenaAudit& audit, const std::uint8_t* from, std::size_t size) noexcept {
  if (size == 0) return;
  ++audit.blocks;
  if (!all_zero({from, size})) ++audit.dirty;
}

}  // namespace

ArenaAudit ArenaRegion::audit(std::uint32_t index) const noexcept {
  ArenaAudit audit;
  const ArenaSlab& slab = slabs_[index];
  const std::uint8_t* const at = address(index);
  if (slab.used == 0) {
    examine(audit, at, Arena::slab_size);
    return audit;
  }
  const auto examine_block = [&](std::size_t position) { examine(audit, at + position * slab.block_size, slab.block_size); };
  for (const std::uint16_t position : slab.free) examine_block(position);
  for (std::size_t position = slab.fresh; position < slab.blocks; ++position) examine_block(position);
  const std::size_t carved = std::size_t{slab.blocks} * slab.block_size;
  examine(audit, at + carved, Arena::slab_size - carved);
  return audit;
}

ArenaAudit ArenaRegion::audit_unheld(std::size_t most) noexcept {
  ArenaAudit audit;
  const std::lock_guard guard{mutex_};
  for (std::size_t count = std::min(most, free_.size()); count > 0; --count) {
    audited_ = (audited_ + 1) % free_.size();
    examine(audit, address(free_[audited_]), Arena::slab_size);
  }
  return audit;
}

ArenaAudit ArenaShard::audit() noexcept {
  ArenaAudit audit;
  if (!slabs_.empty()) {
    audited_ = (audited_ + 1) % slabs_.size();
    audit += region_.audit(slabs_[audited_]);
  }
  // Ordinary pages went back to the system with their slab: reading them would only map pages of zeros.
  if (region_.mapping().secret()) audit += region_.audit_unheld(1);
  return audit;
}

ArenaAudit Arena::audit() noexcept {
  ArenaAudit audit;
  for (const auto& shard : shards_) {
    shard->take_home();
    for (const std::uint32_t slab : shard->slabs_) audit += region_->audit(slab);
  }
  audit += region_->audit_unheld(region_->unheld());
  return audit;
}

}  // namespace lethe
