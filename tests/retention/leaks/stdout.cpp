// Prints a message.
#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_stdout(Bytes bytes, const char*) {
  return ::write(STDOUT_FILENO, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) ? 0 : errno;
}

}  // namespace lethe::leaks
