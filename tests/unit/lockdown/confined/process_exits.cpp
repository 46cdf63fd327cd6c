#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <spawn.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "unit/lockdown/confined/exits.hpp"

namespace lethe::lockdown {
namespace {

char canary[] = "canary";
constexpr std::size_t length = sizeof canary - 1;

int outcome(long result) { return result < 0 ? errno : 0; }

// `child` is what fork or clone gave; it ends at once.
int ended(pid_t child) {
  if (child < 0) return errno;
  if (child == 0) _exit(0);
  ::waitpid(child, nullptr, 0);
  return 0;
}

int spawned(const ExitScene&) {
  char* const arguments[]{canary, nullptr};
  char* const environment[]{nullptr};
  pid_t child = 0;
  const int error = ::posix_spawn(&child, "/bin/true", nullptr, nullptr, arguments, environment);
  if (error == 0) ::waitpid(child, nullptr, 0);
  return error;
}

// Where it succeeds nothing is left to report: the marker is that the program ends without a word.
int executed(const ExitScene&) {
  char* const arguments[]{canary, nullptr};
  char* const environment[]{nullptr};
  ::execve("/proc/self/no-such-program", arguments, environment);
  return errno == ENOENT ? 0 : errno;   // the kernel looked for it
}

int write_to_parent(const ExitScene&) {
  iovec from{canary, length};
  iovec to{canary, length};
  return outcome(::process_vm_writev(::getppid(), &from, 1, &to, 1, 0));
}

int signal_with_value(const ExitScene&) {
  sigval value{};
  value.sival_int = 0x63616e;
  return outcome(::sigqueue(::getppid(), 0, value));
}

int same_host_name(const ExitScene&) {
  char name[65] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return errno;
  return outcome(::sethostname(name, std::strlen(name)));
}

int own_processor(const ExitScene&) {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  if (::sched_getaffinity(0, sizeof processors, &processors) != 0) return errno;
  return outcome(::sched_setaffinity(0, sizeof processors, &processors));
}

int larger_limit(const ExitScene&) {
  rlimit none{0, 0};
  return outcome(::setrlimit(RLIMIT_NICE, &none));
}

constexpr Exit content[]{
    {"a child", OpenTo::everyone, EPERM, [](const ExitScene&) { return ended(::fork()); }},
    {"a child by the bare call", OpenTo::everyone, EPERM,
     [](const ExitScene&) { return ended(static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr))); }},
    {"a child by the newer call", OpenTo::everyone, ENOSYS,
     [](const ExitScene&) {
       const std::uint64_t how[8]{0, 0, 0, 0, SIGCHLD, 0, 0, 0};
       return ended(static_cast<pid_t>(::syscall(SYS_clone3, how, sizeof how)));
     }},
    {"a program that is started", OpenTo::everyone, EPERM, spawned},
    {"a program in this one's place", OpenTo::everyone, killed, executed},
    {"another's memory", OpenTo::some, killed, write_to_parent},
    {"another's threads", OpenTo::some, killed,
     [](const ExitScene&) { return outcome(::ptrace(PTRACE_SEIZE, ::getppid(), nullptr, nullptr)); }},
    {"a signal to another", OpenTo::everyone, EPERM, [](const ExitScene&) { return outcome(::kill(::getppid(), 0)); }},
    {"a signal with a value", OpenTo::everyone, EPERM, signal_with_value},
    {"a hold on another", OpenTo::everyone, EPERM,
     [](const ExitScene&) { return outcome(::syscall(SYS_pidfd_open, ::getppid(), 0)); }},
    {"the process's name", OpenTo::everyone, EPERM, [](const ExitScene&) { return outcome(::prctl(PR_SET_NAME, canary)); }},
    {"the process's priority", OpenTo::everyone, EPERM, [](const ExitScene&) { return outcome(::setpriority(PRIO_PROCESS, 0, 19)); }},
    {"the process's processor", OpenTo::everyone, EPERM, own_processor},
    {"the process's limits", OpenTo::everyone, EPERM, larger_limit},
    {"the machine's name", OpenTo::some, EPERM, same_host_name},
    {"the kernel's log by call", OpenTo::some, EPERM, [](const ExitScene&) { return outcome(::klogctl(10, nullptr, 0)); }},
    {"a user namespace", OpenTo::some, killed, [](const ExitScene&) { return outcome(::unshare(CLONE_NEWUSER)); }},
    {"another root folder", OpenTo::root, killed, [](const ExitScene& s) { return outcome(::chroot(s.path("").c_str())); }},
    {"a mount", OpenTo::some, killed,
     [](const ExitScene& s) { return outcome(::mount("none", s.path("nowhere").c_str(), "tmpfs", 0, nullptr)); }},
    {"swap", OpenTo::some, killed, [](const ExitScene& s) { return outcome(::swapon(s.path("existing").c_str(), 0)); }},
    {"core dumps again", OpenTo::everyone, EPERM, [](const ExitScene&) { return outcome(::prctl(PR_SET_DUMPABLE, 1)); }},
    {"another user", OpenTo::everyone, EPERM, [](const ExitScene&) { return outcome(::setuid(::getuid())); }},
    {"capabilities", OpenTo::everyone, EPERM,
     [](const ExitScene&) {
       __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
       const __user_cap_data_struct none[2]{};
       return outcome(::syscall(SYS_capset, &header, none));
     }},
    {"the call for filters", OpenTo::everyone, EPERM,
     [](const ExitScene&) {
       const std::uint32_t allow = SECCOMP_RET_ALLOW;
       return outcome(::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &allow));
     }},
};

}  // namespace

std::span<const Exit> process_exits() { return content; }

}  // namespace lethe::lockdown
