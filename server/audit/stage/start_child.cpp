#include "audit/stage/start_child.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
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

bool lift_lock_limit() {
  const rlimit endless{RLIM_INFINITY, RLIM_INFINITY};
  return ::setrlimit(RLIMIT_MEMLOCK, &endless) == 0;
}

void set_capabilities(std::uint32_t effective, std::uint32_t inheritable) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2] = {};
  if (::syscall(SYS_capget, &header, sets) != 0) give_up("capget");
  sets[0].effective = sets[0].permitted = sets[0].permitted & effective;
  sets[1].effective = sets[1].permitted = sets[1].permitted & effective;
  sets[0].inheritable = inheritable;
  sets[1].inheritable = 0;
  if (::syscall(SYS_capset, &header, sets) != 0) give_up("capset");
}

// As an engine does with --cap-drop ALL and --ulimit memlock=-1:-1; where that limit is more than root may give, with --cap-add
// IPC_LOCK: an ambient capability needs no bounding set, and outlasts exec (capabilities(7)).
void become_user(const Launch& launch) {
  const bool lifted = lift_lock_limit();
  const std::uint32_t kept = lifted ? 0 : 1U << CAP_IPC_LOCK;
  set_capabilities(~0U, kept);
  for (int capability = 0; ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; ++capability) {
  }
  ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
  if (::setgroups(0, nullptr) != 0 || ::setgid(launch.group) != 0 || ::setuid(launch.user) != 0) give_up("setuid");
  set_capabilities(kept, kept);
  // Where it can't be had, the relay says itself that its memory can't be locked.
  if (!lifted) ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_IPC_LOCK, 0, 0);
}

void enter_root(const Launch& launch) {
  if (launch.root.empty()) return;
  if (::chroot(launch.root.c_str()) != 0 || ::chdir("/") != 0) give_up("chroot");
  if (::geteuid() != 0 || (launch.user == 0 && launch.group == 0)) return;
  become_user(launch);
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
