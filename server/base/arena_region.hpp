#pragma once
// The arena's address range, its locking, and the slabs that no shard holds. Private to the arena.
//
// Threads: acquire and give_back may be called by any thread (a mutex; they are off the message path). A slab's
// description belongs to the shard that holds it.
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "base/arena.hpp"

namespace lethe {

// How a slab is divided. Blocks up to `fresh` have been handed out at least once; of those, `free` names the free ones.
struct ArenaSlab {
  std::uint32_t block_size = 0;
  std::uint32_t size_class = 0;
  std::uint32_t next = 0;             // in the ring of its class, while `linked`
  std::uint32_t previous = 0;
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
  ArenaRegion(ByteCount size, MemoryLocking locking);
  ~ArenaRegion();
  ArenaRegion(const ArenaRegion&) = delete;
  ArenaRegion& operator=(const ArenaRegion&) = delete;

  // A slab of zeroed pages, or none.
  std::uint32_t acquire() noexcept;
  // Takes a slab back and its pages out of memory. The slab is all zero.
  void give_back(std::uint32_t slab) noexcept;

  ArenaSlab& slab(std::uint32_t index) noexcept { return slabs_[index]; }
  std::uint8_t* address(std::uint32_t slab) const noexcept { return base_ + std::size_t{slab} * Arena::slab_size; }
  std::uint32_t slab_of(const void* address) const noexcept {
    return static_cast<std::uint32_t>(offset_of(address) / Arena::slab_size);
  }
  std::size_t offset_of(const void* address) const noexcept {
    return static_cast<std::size_t>(static_cast<const std::uint8_t*>(address) - base_);
  }
  ByteCount size() const noexcept { return size_; }
  bool locked() const noexcept { return locked_; }

 private:
  void lock(MemoryLocking locking);
  bool drop_pages(std::uint32_t slab) noexcept;

  std::uint8_t* base_ = nullptr;
  ByteCount size_;
  bool locked_ = false;
  std::mutex mutex_;
  std::vector<std::uint32_t> free_;   // a stack, lowest address on top
  std::vector<ArenaSlab> slabs_;
};

}  // namespace lethe
