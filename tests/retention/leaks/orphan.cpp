// Has a process write a file that has lost its parent.
#include <sys/syscall.h>
#include <sys/wait.h>

#include <csignal>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_orphan(Bytes bytes, const char* directory) {
  const auto child = static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
  if (child < 0) return errno;
  if (child == 0) {
    if (::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == 0) write_and_close(::open(planted(directory, "orphan").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600), bytes);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  return 0;
}

}  // namespace lethe::leaks
