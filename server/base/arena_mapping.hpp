#pragma once
// The address range under an arena, and who can look into it. Private to the arena.
//
// Secret (memfd_secret(2), Linux 5.14; before 6.5 only with the boot option secretmem.enable=1): its pages leave the kernel's
// own map, so that neither /proc/PID/mem, a debugger's reads, a core dump nor the swap has them. Every page is taken at
// the start, and none is given back before the end. Ordinary: private memory, locked where that is asked for, left out of
// core dumps; pages are taken as they are used. Neither is inherited by a child process.
#include <cstddef>
#include <cstdint>

#include "base/arena.hpp"

namespace lethe {

class ArenaMapping {
 public:
  // Zeroed memory of `size` bytes, a multiple of Arena::slab_size. Throws std::runtime_error with the sentence for the
  // operator where it can't be had as it must be.
  ArenaMapping(ByteCount size, MemoryLocking locking, SecretMemory secret);
  ~ArenaMapping();
  ArenaMapping(const ArenaMapping&) = delete;
  ArenaMapping& operator=(const ArenaMapping&) = delete;

  std::uint8_t* base() const noexcept { return base_; }
  ByteCount size() const noexcept { return size_; }
  // Never swapped. A secret range always is.
  bool locked() const noexcept { return locked_; }
  bool secret() const noexcept { return secret_; }
  // Gives the slab's pages back to the system and leaves it zeroed; the slab is all zero before, and a secret one stays
  // as it is. False: it could not be locked again, and must not be used.
  bool drop(std::size_t slab) noexcept;

 private:
  int map_secret() noexcept;
  void map_ordinary();
  void lock(MemoryLocking locking);
  void touch() noexcept;

  std::uint8_t* base_ = nullptr;
  ByteCount size_;
  bool locked_ = false;
  bool secret_ = false;
};

}  // namespace lethe
