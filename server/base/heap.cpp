#include "base/heap.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace lethe {
namespace {

constexpr int trim_threshold = 8 << 20;
constexpr int never = -1;
constexpr int blocks_from_kernel = 65'536;   // glibc's default
std::atomic<bool> reserved{false};

// A session's memory lies here and there: with pages of 4 KiB, half of what a small message costs is looking them up. Where the
// system has no huge pages it changes nothing.
void ask_for_huge_pages(void* memory, ByteCount bytes) noexcept {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(memory) + page - 1) / page * page;
  const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) / page * page;
  if (begin < end) (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace

void tune_heap() noexcept {
  // Setting either also stops glibc from adjusting them by itself.
  mallopt(M_TRIM_THRESHOLD, trim_threshold);
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
}

// What it gives back would come again as ordinary memory, which the system may write to swap.
void return_free_heap() noexcept {
  if (!reserved) malloc_trim(0);
}

bool reserve_heap(ByteCount bytes, LargeBlocks large) noexcept {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, never);
  void* volatile room = std::malloc(bytes);   // volatile: or the compiler leaves both calls out
  reserved = room != nullptr;
  if (reserved) ask_for_huge_pages(room, bytes);
  std::free(room);
  if (reserved) mallopt(M_ARENA_MAX, 1);
  else mallopt(M_TRIM_THRESHOLD, trim_threshold);
  if (large == LargeBlocks::from_kernel || !reserved) mallopt(M_MMAP_MAX, blocks_from_kernel);
  return reserved;
}

}  // namespace lethe
