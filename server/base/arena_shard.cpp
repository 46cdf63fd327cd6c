#include <algorithm>
#include <new>
#include <utility>

#include <lethe/base/wipe.hpp>

#include "base/arena.hpp"
#include "base/arena_classes.hpp"
#include "base/arena_region.hpp"
#include "base/check.hpp"
#include "base/mutation.hpp"
#include "base/zero.hpp"

namespace lethe {
namespace {

constexpr std::size_t kSlabsGivenBackAtOnce = 64;

std::size_t block_size_of(std::size_t size) noexcept {
  return arena_classes::size_of(arena_classes::index_of(size + sizeof(ArenaBlock)));
}

}  // namespace

void ArenaBlock::release() noexcept {
  if (references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (LETHE_KEEP(arena_wipe)) wipe(bytes());
  const std::size_t block_size = block_size_of(size);
  size = 0;
  owner->come_back(*this, block_size);
}

ArenaShard::ArenaShard(ArenaRegion& region) noexcept : region_{region} { partial_.fill(none); }
ArenaShard::~ArenaShard() = default;

void ArenaShard::come_back(ArenaBlock& block, std::size_t block_size) noexcept {
  ArenaBlock* top = returned_.load(std::memory_order_relaxed);
  do {
    block.owner = reinterpret_cast<ArenaShard*>(top);
  } while (!returned_.compare_exchange_weak(top, &block, std::memory_order_release, std::memory_order_relaxed));
  released_.fetch_add(block_size, std::memory_order_release);
}

ArenaBlock* ArenaShard::allocate(std::size_t size) noexcept {
  if (size > Arena::largest_block) return nullptr;
  // At once rather than when room runs out: what was just overwritten is still in the cache.
  if (returned_.load(std::memory_order_relaxed) != nullptr) take_home();
  const std::size_t size_class = arena_classes::index_of(size + sizeof(ArenaBlock));
  std::uint32_t index = partial_[size_class];
  if (index == none) index = open_slab(size_class);
  if (index == none) return nullptr;

  ArenaSlab& slab = region_.slab(index);
  std::uint16_t position = slab.fresh;
  if (slab.free.empty()) {
    ++slab.fresh;
  } else {
    position = slab.free.back();
    slab.free.pop_back();
  }
  ++slab.used;
  if (slab.full()) unlink(index);
  std::uint8_t* const at = region_.address(index) + std::size_t{position} * slab.block_size;
#ifndef NDEBUG
  LETHE_CHECK(all_zero({at, slab.block_size}));
#endif
  auto* const block = reinterpret_cast<ArenaBlock*>(at);
  block->size = static_cast<std::uint32_t>(size);
  block->owner = this;
  block->references.store(1, std::memory_order_relaxed);
  allocated_.store(allocated_.load(std::memory_order_relaxed) + slab.block_size, std::memory_order_relaxed);
  return block;
}

void ArenaShard::take_home() noexcept {
  ArenaBlock* block = returned_.exchange(nullptr, std::memory_order_acquire);
  while (block != nullptr) {
    auto* const next = reinterpret_cast<ArenaBlock*>(block->owner);
    put_away(*block);
    block = next;
  }
}

void ArenaShard::put_away(ArenaBlock& block) noexcept {
  block.owner = nullptr;   // the last bytes that were not zero
  const std::uint32_t index = region_.slab_of(&block);
  ArenaSlab& slab = region_.slab(index);
  const auto offset = static_cast<std::uint32_t>(region_.offset_of(&block) % Arena::slab_size);
  if (--slab.used == 0) {
    if (slab.linked) unlink(index);
    slab.free.clear();
    slab.fresh = 0;
    empty_.push_back(index);
    return;
  }
  slab.free.push_back(static_cast<std::uint16_t>(offset / slab.block_size));
  if (!slab.linked) link(index);
}

std::uint32_t ArenaShard::open_slab(std::size_t size_class) noexcept {
  std::uint32_t index = none;
  if (!empty_.empty()) {
    index = empty_.back();
    empty_.pop_back();
    least_empty_ = std::min(least_empty_, empty_.size());
  } else {
    index = take_slab();
    if (index == none) return none;
  }
  ArenaSlab& slab = region_.slab(index);
  slab.size_class = static_cast<std::uint32_t>(size_class);
  slab.block_size = static_cast<std::uint32_t>(arena_classes::size_of(size_class));
  slab.blocks = static_cast<std::uint16_t>(Arena::slab_size / slab.block_size);
  link(index);
  return index;
}

std::uint32_t ArenaShard::take_slab() noexcept {
  const std::uint32_t index = region_.acquire();
  if (index == none) return none;
  region_.slab(index).place = static_cast<std::uint32_t>(slabs_.size());
  slabs_.push_back(index);
  return index;
}

void ArenaShard::give_back_slab() noexcept {
  const std::uint32_t index = empty_.back();
  empty_.pop_back();
  const std::uint32_t place = region_.slab(index).place;
  slabs_[place] = slabs_.back();
  region_.slab(slabs_[place]).place = place;
  slabs_.pop_back();
  region_.give_back(index);
}

void ArenaShard::reclaim() noexcept {
  take_home();
  const std::size_t idle = std::min(least_empty_, empty_.size());
  for (std::size_t n = std::min((idle + 1) / 2, kSlabsGivenBackAtOnce); n != 0; --n) give_back_slab();
  least_empty_ = empty_.size();
}

ByteCount ArenaShard::used() const noexcept {
  // Released first: a block can't be seen released before it is seen allocated.
  const std::uint64_t released = released_.load(std::memory_order_acquire);
  return allocated_.load(std::memory_order_relaxed) - released;
}

// At the end of the ring: the slab at its head is filled up first, so that others get the chance to empty.
void ArenaShard::link(std::uint32_t index) noexcept {
  ArenaSlab& slab = region_.slab(index);
  std::uint32_t& head = partial_[slab.size_class];
  slab.linked = true;
  if (head == none) {
    head = slab.next = slab.previous = index;
    return;
  }
  ArenaSlab& first = region_.slab(head);
  slab.next = head;
  slab.previous = first.previous;
  region_.slab(first.previous).next = index;
  first.previous = index;
}

void ArenaShard::unlink(std::uint32_t index) noexcept {
  ArenaSlab& slab = region_.slab(index);
  std::uint32_t& head = partial_[slab.size_class];
  slab.linked = false;
  if (slab.next == index) {
    head = none;
    return;
  }
  region_.slab(slab.previous).next = slab.next;
  region_.slab(slab.next).previous = slab.previous;
  if (head == index) head = slab.next;
}

}  // namespace lethe
