#include "base/arena.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/arena_classes.hpp"
#include "base/arena_region.hpp"
#include "base/check.hpp"

namespace lethe {
namespace {

ByteCount whole_slabs(ByteCount size, unsigned shards) {
  const ByteCount slabs = (size + Arena::slab_size - 1) / Arena::slab_size;
  return std::max<ByteCount>({slabs, shards, 1}) * Arena::slab_size;
}

}  // namespace

static_assert(arena_classes::count == 128);

Arena::Arena(const Options& options)
    : region_{std::make_unique<ArenaRegion>(whole_slabs(options.size, options.shards), options.locking, options.secret)} {
  for (unsigned shard = 0; shard < std::max(options.shards, 1U); ++shard) {
    shards_.push_back(std::make_unique<ArenaShard>(*region_));
  }
}

Arena::~Arena() = default;

ArenaShard& Arena::shard(unsigned index) noexcept {
  LETHE_CHECK(index < shards_.size());
  return *shards_[index];
}

ByteCount Arena::size() const noexcept { return region_->mapping().size(); }

ByteCount Arena::used() const noexcept {
  ByteCount used = 0;
  for (const auto& shard : shards_) used += shard->used();
  return used;
}

bool Arena::locked() const noexcept { return region_->mapping().locked(); }

bool Arena::secret() const noexcept { return region_->mapping().secret(); }

}  // namespace lethe
