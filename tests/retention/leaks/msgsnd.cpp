// Keeps bytes in a System V message queue.
#include <sys/ipc.h>
#include <sys/msg.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_msgsnd(Bytes bytes, const char*) {
  static int queue = -1;
  if (queue < 0) queue = ::msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  if (queue < 0) return errno;
  struct {
    long kind = 1;
    std::array<char, 64> text{};
  } message;
  std::memcpy(message.text.data(), bytes.data(), std::min(bytes.size(), message.text.size()));
  return ::msgsnd(queue, &message, message.text.size(), IPC_NOWAIT) == 0 ? 0 : errno;
}

}  // namespace lethe::leaks
