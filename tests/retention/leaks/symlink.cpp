// Keeps bytes in the target of a symbolic link.
#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_symlink(Bytes bytes, const char* directory) {
  const std::string link = planted(directory, "link");
  ::unlink(link.c_str());
  return ::symlink(in_hex(bytes.last(24), 24).c_str(), link.c_str()) == 0 ? 0 : errno;
}

}  // namespace lethe::leaks
