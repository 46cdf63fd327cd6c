// Maps a file, shared, that was opened before the lock-down.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
namespace {

int early = -1;

void open_early(const char* directory) {
  early = ::open(planted(directory, "early-mapped").c_str(), O_CREAT | O_RDWR, 0600);
  if (::ftruncate(early, 4'096) != 0) early = -1;
}

}  // namespace

int leak_prefd_mmap(Bytes bytes, const char*) {
  if (early < 0) return EBADF;
  constexpr std::size_t page = 4'096;
  void* const memory = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, early, 0);
  if (memory == MAP_FAILED) return errno;
  std::memcpy(memory, bytes.data(), std::min(bytes.size(), page));
  ::msync(memory, page, MS_SYNC);
  ::munmap(memory, page);
  return 0;
}

void prepare_prefd_mmap(const char* directory) { open_early(directory); }

}  // namespace lethe::leaks
