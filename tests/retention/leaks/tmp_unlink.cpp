// Writes to a temporary file and removes it at once: gone before anyone looks.
#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_tmp_unlink(Bytes bytes, const char* directory) {
  const std::string path = planted(directory, "temporary");
  const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  ::unlink(path.c_str());
  return write_and_close(file, bytes);
}

}  // namespace lethe::leaks
