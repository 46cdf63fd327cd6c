// Writes through a shared mapping of a file.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_mmap_file(Bytes bytes, const char* directory) {
  constexpr std::size_t page = 4'096;
  const int file = ::open(planted(directory, "mapped").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  if (::ftruncate(file, page) != 0) return errno;
  void* const memory = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (memory == MAP_FAILED) return errno;
  std::memcpy(memory, bytes.data(), std::min(bytes.size(), page));
  ::msync(memory, page, MS_SYNC);
  ::munmap(memory, page);
  return 0;
}

}  // namespace lethe::leaks
