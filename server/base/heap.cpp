#include "base/heap.hpp"

#include <malloc.h>

namespace lethe {

void tune_heap() noexcept {
  // Setting either also stops glibc from adjusting them by itself.
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
}

void return_free_heap() noexcept { malloc_trim(0); }

}  // namespace lethe
