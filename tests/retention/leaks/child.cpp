// Has a child process write a file.
#include <sys/syscall.h>
#include <sys/wait.h>

#include <csignal>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_child(Bytes bytes, const char* directory) {
  const auto child = static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
  if (child < 0) return errno;
  if (child == 0) ::_exit(write_and_close(::open(planted(directory, "child").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600), bytes));
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

}  // namespace lethe::leaks
