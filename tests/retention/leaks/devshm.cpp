// Writes to /dev/shm: memory that can be swapped and outlives the process.
#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_devshm(Bytes bytes, const char*) {
  return write_and_close(::open("/dev/shm/lethe-leak", O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600), bytes);
}

}  // namespace lethe::leaks
