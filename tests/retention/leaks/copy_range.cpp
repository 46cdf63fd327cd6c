// Copies from one file to another inside of the kernel.
#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_copy_range(Bytes bytes, const char* directory) {
  const int from = ::open(planted(directory, "original").c_str(), O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
  if (from < 0) return errno;
  const int to = open_at_end(planted(directory, "copy"));
  int error = ::write(from, bytes.data(), bytes.size()) < 0 ? errno : 0;
  off_t at = 0;
  if (error == 0 && ::copy_file_range(from, &at, to, nullptr, bytes.size(), 0) <= 0) error = errno;
  ::close(from);
  ::close(to);
  return error;
}

}  // namespace lethe::leaks
