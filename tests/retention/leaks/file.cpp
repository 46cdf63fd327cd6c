// Writes to a file.
#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_file(Bytes bytes, const char* directory) {
  return write_and_close(::open(planted(directory, "leak").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600), bytes);
}

}  // namespace lethe::leaks
