#pragma once
// The memory that holds every queued payload.
//
// One region, made at start: secret, or locked against swapping and left out of core dumps (base/arena_mapping.hpp); never
// inherited by a child. It is carved into slabs of 256 KiB; a slab serves blocks of one size class
// (base/arena_classes.hpp); a slab whose blocks are all free can serve another class, and goes back to the region after a
// while. Invariant: a free block is all zero. It is checked: at each allocation in debug builds, and by `audit`.
//
// Threads: a shard belongs to one thread, which alone allocates from it. Any thread may drop the last reference to a
// block: that thread overwrites it there and then and hands it back to the owner without a lock.
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <lethe/base/limits.hpp>

namespace lethe {

class ArenaRegion;
class ArenaShard;

// A reference-counted run of bytes in the arena; the bytes follow the header. Made by ArenaShard::allocate with one
// reference.
struct ArenaBlock {
  std::atomic<std::uint32_t> references;
  std::uint32_t size;      // bytes asked for
  ArenaShard* owner;       // while free and on its way home: reused as a link

  std::span<std::uint8_t> bytes() noexcept { return {reinterpret_cast<std::uint8_t*>(this + 1), size}; }
  void retain() noexcept { references.fetch_add(1, std::memory_order_relaxed); }
  // Drops one reference; the last one overwrites the bytes before it returns.
  void release() noexcept;
};
static_assert(sizeof(ArenaBlock) == 16);

// What a start does where memory can't be locked: fail, go on unlocked and say so, or not try.
enum class MemoryLocking { required, best_effort, off };
// What it does where there is no secret memory: fail, go on with ordinary memory and say so, or not try. Where nothing is to
// be locked, best effort means ordinary memory.
enum class SecretMemory { required, best_effort, off };

// What an audit saw. It only looks: what is dirty stays so, and is counted again by the next one.
struct ArenaAudit {
  std::uint64_t blocks = 0;   // free ones, and runs that were never a block
  std::uint64_t dirty = 0;    // of these, not all zero

  ArenaAudit& operator+=(const ArenaAudit& other) noexcept {
    blocks += other.blocks;
    dirty += other.dirty;
    return *this;
  }
};

// Every block must have been released before its arena goes.
class Arena {
 public:
  struct Options {
    ByteCount size = 268'435'456;   // bytes, rounded up to whole slabs for every shard (256 MiB)
    MemoryLocking locking = MemoryLocking::required;
    SecretMemory secret = SecretMemory::best_effort;
    unsigned shards = 1;
  };
  static constexpr std::size_t slab_size = 262'144;
  // The largest block, in bytes without its header.
  static constexpr std::size_t largest_block = slab_size - sizeof(ArenaBlock);

  // Throws std::runtime_error with the sentence for the operator where the region can't be had as it must be.
  explicit Arena(const Options& options);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  ArenaShard& shard(unsigned index) noexcept;
  ByteCount size() const noexcept;
  // Bytes in blocks handed out, with headers and rounding. Any thread.
  ByteCount used() const noexcept;
  // True where the whole region is locked; a secret one always is.
  bool locked() const noexcept;
  // True where no other process can read it, root's neither.
  bool secret() const noexcept;
  // Examines everything that is free, to the last byte. No other thread uses the arena meanwhile.
  ArenaAudit audit() noexcept;

 private:
  std::unique_ptr<ArenaRegion> region_;
  std::vector<std::unique_ptr<ArenaShard>> shards_;
};

// One thread's share of the arena. A shard takes slabs from the common region as it needs them and gives empty ones back.
class ArenaShard {
 public:
  explicit ArenaShard(ArenaRegion& region) noexcept;
  ~ArenaShard();
  ArenaShard(const ArenaShard&) = delete;
  ArenaShard& operator=(const ArenaShard&) = delete;

  // A zeroed block of `size` bytes (0 … Arena::largest_block) with one reference; nullptr when the arena is full.
  ArenaBlock* allocate(std::size_t size) noexcept;
  // Takes home the blocks that were released and gives back half of the slabs that stood empty since the last call, at
  // most 64 of them. To be called beside Mailboxes::sweep, about four times a second: what a steady load needs stays.
  void reclaim() noexcept;
  // Examines the free blocks of one slab that it holds, and one that no shard holds: another at each call. Reads 512 KiB at
  // most. To be called as often as `reclaim`.
  ArenaAudit audit() noexcept;
  // Bytes in blocks handed out, with headers and rounding. Any thread.
  ByteCount used() const noexcept;
  // Slabs held, and those of them without a block. Owner's thread.
  std::size_t slabs() const noexcept { return slabs_.size(); }
  std::size_t empty_slabs() const noexcept { return empty_.size(); }

 private:
  friend struct ArenaBlock;
  friend class Arena;
  static constexpr std::uint32_t none = 0xffff'ffff;

  void come_back(ArenaBlock& block, std::size_t block_size) noexcept;   // any thread
  void take_home() noexcept;
  void put_away(ArenaBlock& block) noexcept;
  std::uint32_t open_slab(std::size_t size_class) noexcept;
  std::uint32_t take_slab() noexcept;
  void give_back_slab() noexcept;
  void link(std::uint32_t slab) noexcept;
  void unlink(std::uint32_t slab) noexcept;

  ArenaRegion& region_;
  std::array<std::uint32_t, 128> partial_;   // by size class: a ring of slabs with room, or none
  std::vector<std::uint32_t> slabs_;         // all that it holds
  std::vector<std::uint32_t> empty_;         // those of them without a block
  std::size_t audited_ = 0;                  // where in slabs_ the last audit was
  std::size_t least_empty_ = 0;              // fewest empty slabs since the last reclaim
  std::atomic<std::uint64_t> allocated_{0};  // bytes ever; written by the owner
  // What other threads write stands on a cache line of its own.
  alignas(64) std::atomic<ArenaBlock*> returned_{nullptr};
  std::atomic<std::uint64_t> released_{0};   // bytes ever
};

}  // namespace lethe
