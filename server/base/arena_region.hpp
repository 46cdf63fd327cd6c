#pragma once
// The arena's slabs: what each is, and those that no shard holds. Private to the arena.
//
// Threads: acquire, give_back and audit_unheld may be called by any thread (a mutex; they are off the message path). A
// slab's description belongs to the shard that holds it.
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "base/arena.hpp"
#include "base/arena_mapping.hpp"

namespace lethe {

// How a slab is divided. Blocks up to `fresh` have been handed out at least once; of those, `free` names the free ones.
struct ArenaSlab {
  std::uint32_t block_size = 0;
  std::uint32_t size_class = 0;
  std::uint32_t next = 0;             // in the ring of its class, while `linked`
  std::uint32_t previous = 0;
  std::uint32_t place = 0;            // among the slabs of its shard
  std::uint16_t blocks = 0;
  std::uint16_t fresh = 0;
  std::uint16_t used = 0;
  bool linked = false;
  std::vector<std::uint16_t> free;

  bool full() const noexcept { return used == blocks; }
};

class ArenaRegion {
 public:
  static constexpr std::uint32_t none = 0xffff'ffff;

  // Throws std::runtime_error (see Arena).
  ArenaRegion(ByteCount size, MemoryLocking locking, SecretMemory secret);
  ArenaRegion(const ArenaRegion&) = delete;
  ArenaRegion& operator=(const ArenaRegion&) = delete;

  // A slab of zeroed pages, or none.
  std::uint32_t acquire() noexcept;
  // Takes a slab back, and its pages out of memory where that is possible. The slab is all zero.
  void give_back(std::uint32_t slab) noexcept;

  // Examines what is free of a slab that the caller holds.
  ArenaAudit audit(std::uint32_t slab) const noexcept;
  // Examines the next `most` of the slabs that no shard holds.
  ArenaAudit audit_unheld(std::size_t most) noexcept;

  ArenaSlab& slab(std::uint32_t index) noexcept { return slabs_[index]; }
  std::uint8_t* address(std::uint32_t slab) const noexcept { return mapping_.base() + std::size_t{slab} * Arena::slab_size; }
  std::uint32_t slab_of(const void* address) const noexcept {
    return static_cast<std::uint32_t>(offset_of(address) / Arena::slab_size);
  }
  std::size_t offset_of(const void* address) const noexcept {
    return static_cast<std::size_t>(static_cast<const std::uint8_t*>(address) - mapping_.base());
  }
  const ArenaMapping& mapping() const noexcept { return mapping_; }
  // Slabs that no shard holds.
  std::size_t unheld() noexcept;

 private:
  ArenaMapping mapping_;
  std::mutex mutex_;
  std::size_t audited_ = 0;           // where in free_ the last audit was
  std::vector<std::uint32_t> free_;   // a stack, lowest address on top
  std::vector<ArenaSlab> slabs_;
};

}  // namespace lethe
