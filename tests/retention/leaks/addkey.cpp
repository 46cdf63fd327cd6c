// Keeps bytes in a key of the kernel.
#include <sys/syscall.h>

#include <algorithm>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_addkey(Bytes bytes, const char*) {
  constexpr int process_keyring = -2;
  const long key = ::syscall(SYS_add_key, "user", "lethe-leak", bytes.data(), std::min<std::size_t>(bytes.size(), 256), process_keyring);
  return key >= 0 ? 0 : errno;
}

}  // namespace lethe::leaks
