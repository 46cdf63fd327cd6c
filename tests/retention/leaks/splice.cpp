// Moves bytes from a pipe to a file without write(2) on the file.
#include <array>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_splice(Bytes bytes, const char* directory) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  const int file = open_at_end(planted(directory, "spliced"));
  int error = file < 0 ? errno : 0;
  if (error == 0 && ::write(pipe[1], bytes.data(), bytes.size()) < 0) error = errno;
  if (error == 0 && ::splice(pipe[0], nullptr, file, nullptr, bytes.size(), 0) <= 0) error = errno;
  for (const int descriptor : {pipe[0], pipe[1], file}) ::close(descriptor);
  return error;
}

}  // namespace lethe::leaks
