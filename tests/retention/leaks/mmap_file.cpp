// Writes through a shared mapping of a file.
#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_mmap_file(Bytes bytes, const char* directory) {
  const int file = ::open(planted(directory, "mapped").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  const off_t end = ::lseek(file, 0, SEEK_END);
  const int error = ::ftruncate(file, end + static_cast<off_t>(page)) != 0 ? errno : write_by_mapping(file, end, bytes);
  ::close(file);
  return error;
}

}  // namespace lethe::leaks
