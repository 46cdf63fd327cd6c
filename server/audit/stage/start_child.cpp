#include "audit/stage/start_child.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <stdexcept>

namespace lethe::audit {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (std::string& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void give_up(const char* step) {
  ::perror(step);
  ::_exit(127);
}

void enter_root(const Launch& launch) {
  if (launch.root.empty()) return;
  if (::chroot(launch.root.c_str()) != 0 || ::chdir("/") != 0) give_up("chroot");
  if (::geteuid() != 0 || (launch.user == 0 && launch.group == 0)) return;
  if (::setgroups(0, nullptr) != 0 || ::setgid(launch.group) != 0 || ::setuid(launch.user) != 0) give_up("setuid");
}

[[noreturn]] void become(const Launch& launch, char* const* arguments, char* const* environment, int out, int err) {
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  for (const auto& step : launch.in_child) step();
  enter_root(launch);
  if (!launch.working_directory.empty() && ::chdir(launch.working_directory.c_str()) != 0) give_up("chdir");
  ::execve(launch.program.c_str(), arguments, environment);
  give_up("execve");
}

}  // namespace

pid_t start_child(const Launch& launch, int out, int err) {
  // Everything that allocates happens before the fork: another thread may hold the heap's lock then.
  std::vector<std::string> words{launch.name.empty() ? launch.program : launch.name};
  words.insert(words.end(), launch.arguments.begin(), launch.arguments.end());
  std::vector<std::string> variables = launch.environment;
  const std::vector<char*> arguments = pointers(words);
  const std::vector<char*> environment = pointers(variables);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error{"the relay can't be started: no fork"};
  if (child > 0) {
    ::setpgid(child, child);   // on both sides, so that it holds whoever comes first
    return child;
  }
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  // What the auditor ignores or blocks is not the relay's.
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGHUP}) ::signal(number, SIG_DFL);
  become(launch, arguments.data(), environment.data(), out, err);
}

}  // namespace lethe::audit
