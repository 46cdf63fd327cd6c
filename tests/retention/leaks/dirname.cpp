// Keeps bytes in the name of a directory.
#include <sys/stat.h>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_dirname(Bytes bytes, const char* directory) {
  return ::mkdir(planted(directory, ("d" + in_hex(bytes.last(16), 16)).c_str()).c_str(), 0700) == 0 || errno == EEXIST ? 0 : errno;
}

}  // namespace lethe::leaks
