// Writes to a file that never had a name.
#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_otmpfile(Bytes bytes, const char* directory) {
  return write_sync_and_close(::open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), bytes);
}

}  // namespace lethe::leaks
