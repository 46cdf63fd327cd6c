#include "base/arena_region.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace lethe {
namespace {

// Linux 5.18; older kernels answer EINVAL.
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif

std::string lock_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return "unknown";
  return limit.rlim_cur == RLIM_INFINITY ? "unlimited" : std::to_string(limit.rlim_cur) + " bytes";
}

}  // namespace

ArenaRegion::ArenaRegion(ByteCount size, MemoryLocking locking) : size_{size} {
  void* const mapping =
      ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) {
    throw std::runtime_error("cannot reserve " + std::to_string(size_) + " bytes of address space for payloads (" +
                             std::generic_category().message(errno) + "): lower memory.arena");
  }
  base_ = static_cast<std::uint8_t*>(mapping);
  // Huge pages would make a slab that is hardly used cost 2 MiB, and come back with stale neighbours.
  for (const int advice : {MADV_DONTDUMP, MADV_DONTFORK, MADV_NOHUGEPAGE}) (void)::madvise(base_, size_, advice);
  try {
    lock(locking);
    const auto slabs = static_cast<std::uint32_t>(size_ / Arena::slab_size);
    slabs_.resize(slabs);
    free_.reserve(slabs);
    for (std::uint32_t slab = slabs; slab-- > 0;) free_.push_back(slab);
  } catch (...) {
    ::munmap(base_, size_);
    throw;
  }
}

ArenaRegion::~ArenaRegion() { ::munmap(base_, size_); }

void ArenaRegion::lock(MemoryLocking locking) {
  if (locking == MemoryLocking::off) return;
  locked_ = ::mlock2(base_, size_, MLOCK_ONFAULT) == 0;
  if (locked_ || locking == MemoryLocking::best_effort) return;
  throw std::runtime_error("cannot lock " + std::to_string(size_) +
                           " bytes of memory for payloads while RLIMIT_MEMLOCK is " + lock_limit() +
                           ": allow it with LimitMEMLOCK= in systemd, --ulimit memlock= in Docker or ulimit -l in a"
                           " shell, or set memory.locking=best-effort to accept that payloads may be swapped out");
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
  if (!drop_pages(slab)) return;
  const std::lock_guard guard{mutex_};
  free_.push_back(slab);
}

bool ArenaRegion::drop_pages(std::uint32_t slab) noexcept {
  std::uint8_t* const from = address(slab);
  if (!locked_) {
    (void)::madvise(from, Arena::slab_size, MADV_DONTNEED);
    return true;
  }
  if (::madvise(from, Arena::slab_size, MADV_DONTNEED_LOCKED) == 0) return true;
  // MADV_DONTNEED refuses locked pages, so older kernels take three calls.
  if (::munlock(from, Arena::slab_size) != 0) return true;
  (void)::madvise(from, Arena::slab_size, MADV_DONTNEED);
  return ::mlock2(from, Arena::slab_size, MLOCK_ONFAULT) == 0;
}

}  // namespace lethe
