// Shows bytes in the name of a thread.
#include <sys/prctl.h>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_thread_name(Bytes bytes, const char*) {
  return ::prctl(PR_SET_NAME, in_hex(bytes.last(7), 7).c_str()) == 0 ? 0 : errno;
}

}  // namespace lethe::leaks
