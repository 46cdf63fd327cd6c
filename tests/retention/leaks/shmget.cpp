// Keeps bytes in System V shared memory.
#include <sys/ipc.h>
#include <sys/shm.h>

#include <algorithm>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_shmget(Bytes bytes, const char*) {
  static int segment = -1;
  constexpr std::size_t size = 8'192;
  if (segment < 0) segment = ::shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
  if (segment < 0) return errno;
  void* const memory = ::shmat(segment, nullptr, 0);
  if (memory == reinterpret_cast<void*>(-1)) return errno;
  std::memcpy(memory, bytes.data(), std::min(bytes.size(), size));
  ::shmdt(memory);
  return 0;
}

}  // namespace lethe::leaks
