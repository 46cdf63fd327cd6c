#include "base/heap.hpp"

#include <malloc.h>

namespace lethe {

void tune_heap() noexcept {
  // Setting either also stops glibc from adjusting them by itself.
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_MMAP_THRESHOLD, 16 << 10);
}

void limit_heaps(unsigned threads) noexcept { mallopt(M_ARENA_MAX, static_cast<int>(threads) + 1); }

void return_free_heap() noexcept { malloc_trim(0); }

}  // namespace lethe
