// Keeps bytes in an extended attribute of a directory.
#include <sys/xattr.h>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_xattr(Bytes bytes, const char* directory) {
  return ::setxattr(directory, "user.leak", bytes.data(), bytes.size() < 256 ? bytes.size() : 256, 0) == 0 ? 0 : errno;
}

}  // namespace lethe::leaks
