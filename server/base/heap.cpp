#include "base/heap.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>

namespace lethe {
namespace {

std::atomic<bool> reserved{false};

}  // namespace

void tune_heap() noexcept {
  // Setting either also stops glibc from adjusting them by itself.
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
}

// What it gives back would come again as ordinary memory, which the system may write to swap.
void return_free_heap() noexcept {
  if (!reserved) malloc_trim(0);
}

bool reserve_heap(ByteCount bytes) noexcept {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);   // never
  void* volatile room = std::malloc(bytes);   // volatile: or the compiler leaves both calls out
  std::free(room);
  reserved = room != nullptr;
  return reserved;
}

}  // namespace lethe
