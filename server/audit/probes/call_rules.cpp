#include "audit/probes/call_rules.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <csignal>

namespace lethe::audit {
namespace {

#define CALL(name) Call{SYS_##name, #name}

// Reading and writing what is open, memory, time, threads' locks, the end. No call of these opens, names or creates anything
// outside of the process; those that could with some arguments (mmap, write, sendto, …) have their cases below.
#define SHARED_CALLS                                                                                                           \
  CALL(read), CALL(write), CALL(close), CALL(mmap), CALL(mprotect), CALL(munmap), CALL(brk), CALL(rt_sigaction),               \
      CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(madvise), CALL(getpid), CALL(gettid), CALL(exit), CALL(exit_group),       \
      CALL(futex), CALL(clock_gettime), CALL(clock_nanosleep), CALL(nanosleep), CALL(gettimeofday), CALL(time),                \
      CALL(getrandom), CALL(restart_syscall), CALL(sched_yield), CALL(recvfrom), CALL(recvmsg), CALL(sendto), CALL(sendmsg),   \
      CALL(mremap), CALL(poll), CALL(ppoll)

constexpr Call relay_calls[] = {SHARED_CALLS, CALL(epoll_wait), CALL(epoll_pwait), CALL(epoll_ctl), CALL(timerfd_settime),
                                CALL(accept), CALL(accept4), CALL(getpeername), CALL(getsockname), CALL(getsockopt),
                                CALL(setsockopt), CALL(ioctl), CALL(shutdown), CALL(mlock2), CALL(munlock), CALL(readv),
                                CALL(sched_getaffinity), CALL(set_robust_list), CALL(rseq), CALL(membarrier)};

constexpr Call broker_calls[] = {SHARED_CALLS, CALL(open), CALL(openat), CALL(fstat), CALL(newfstatat), CALL(lseek), CALL(pread64),
                                 CALL(wait4), CALL(waitid), CALL(kill), CALL(signalfd4), CALL(writev), CALL(pidfd_send_signal),
                                 CALL(fcntl), CALL(epoll_wait), CALL(epoll_pwait), CALL(epoll_ctl), CALL(rt_sigtimedwait), CALL(dup),
                                 CALL(getppid), CALL(set_robust_list), CALL(rseq), CALL(ioctl), CALL(tgkill)};

// For evaluation alone, so that a report can name what a filter lets through.
constexpr Call others[] = {
    CALL(creat), CALL(openat2), CALL(memfd_create), CALL(socket), CALL(socketpair), CALL(connect), CALL(bind), CALL(pwrite64), CALL(pwritev),
    CALL(pwritev2), CALL(sendfile), CALL(splice), CALL(tee), CALL(vmsplice), CALL(copy_file_range), CALL(clone), CALL(clone3), CALL(fork),
    CALL(vfork), CALL(execve), CALL(execveat), CALL(ptrace), CALL(process_vm_readv), CALL(process_vm_writev), CALL(shmget), CALL(shmat),
    CALL(msgget), CALL(msgsnd), CALL(semget), CALL(mq_open), CALL(mq_timedsend), CALL(add_key), CALL(keyctl), CALL(request_key), CALL(bpf),
    CALL(io_uring_setup), CALL(io_uring_enter), CALL(io_uring_register), CALL(mkdir), CALL(mkdirat), CALL(rename), CALL(renameat),
    CALL(renameat2), CALL(link), CALL(linkat), CALL(symlink), CALL(symlinkat), CALL(mknod), CALL(mknodat), CALL(unlink), CALL(unlinkat),
    CALL(rmdir), CALL(truncate), CALL(ftruncate), CALL(fallocate), CALL(chmod), CALL(fchmod), CALL(fchmodat), CALL(chown), CALL(fchown),
    CALL(utime), CALL(utimes), CALL(utimensat), CALL(futimesat), CALL(setxattr), CALL(lsetxattr), CALL(fsetxattr), CALL(prctl),
    CALL(seccomp), CALL(syslog), CALL(sethostname), CALL(mount), CALL(swapon), CALL(memfd_secret), CALL(sendmmsg), CALL(pidfd_getfd),
    CALL(dup2), CALL(dup3), CALL(prlimit64), CALL(setrlimit), CALL(open_by_handle_at), CALL(userfaultfd), CALL(perf_event_open),
    CALL(eventfd2), CALL(pipe), CALL(pipe2), CALL(msync), CALL(shutdown), CALL(unshare), CALL(setns), CALL(inotify_init1)};

#undef SHARED_CALLS
#undef CALL

constexpr auto here = static_cast<std::uint64_t>(AT_FDCWD);
constexpr std::string_view file = "/tmp/lethe-audit-must-not-exist";
constexpr std::uint64_t page = 4'096;

constexpr Exit all_exits[] = {
    {"create a file", SYS_openat, {here, 0, O_CREAT | O_WRONLY, 0600, 0, 0}, 1, file},
    {"write to a file", SYS_openat, {here, 0, O_WRONLY | O_APPEND, 0, 0, 0}, 1, "/dev/kmsg"},
    {"read and write a file", SYS_openat, {here, 0, O_RDWR, 0, 0, 0}, 1, "/dev/null"},
    {"create a file without a name", SYS_openat, {here, 0, O_TMPFILE | O_RDWR, 0600, 0, 0}, 1, "/tmp"},
    {"open(2) a new file", SYS_open, {0, O_CREAT | O_WRONLY, 0600, 0, 0, 0}, 0, file},
    {"creat(2)", SYS_creat, {0, 0600, 0, 0, 0, 0}, 0, file},
    {"read a file", SYS_openat, {here, 0, O_RDONLY, 0, 0, 0}, 1, "/etc/passwd", true, true},
    {"a memory file", SYS_memfd_create, {0, 0, 0, 0, 0, 0}, 0, "lethe-audit"},
    {"System V shared memory", SYS_shmget, {IPC_PRIVATE, page, 0600 | IPC_CREAT, 0, 0, 0}},
    {"a System V message queue", SYS_msgget, {IPC_PRIVATE, 0600 | IPC_CREAT, 0, 0, 0, 0}},
    {"a POSIX message queue", SYS_mq_open, {0, O_CREAT | O_RDWR, 0600, 0, 0, 0}, 0, "lethe-audit"},
    {"a key in a keyring", SYS_add_key, {0, 0, 0, 0, static_cast<std::uint64_t>(-3), 0}, 0, "user"},
    {"a TCP socket", SYS_socket, {AF_INET, SOCK_STREAM, 0, 0, 0, 0}},
    {"a UDP socket", SYS_socket, {AF_INET6, SOCK_DGRAM, 0, 0, 0, 0}},
    {"a local socket", SYS_socket, {AF_UNIX, SOCK_DGRAM, 0, 0, 0, 0}},
    {"a raw socket", SYS_socket, {AF_INET, SOCK_RAW, 1, 0, 0, 0}},
    {"a netlink socket", SYS_socket, {AF_NETLINK, SOCK_RAW, 0, 0, 0, 0}},
    {"a pair of sockets", SYS_socketpair, {AF_UNIX, SOCK_STREAM, 0, 0, 0, 0}},
    {"send to a destination", SYS_sendto, {0, 0, 0, MSG_NOSIGNAL, 0x1000, 16}},
    {"send while connecting", SYS_sendto, {0, 0, 0, MSG_NOSIGNAL | MSG_FASTOPEN, 0, 0}},
    {"send without a copy", SYS_sendmsg, {0, 0, MSG_NOSIGNAL | MSG_ZEROCOPY, 0, 0, 0}},
    {"connect a socket", SYS_connect, {0, 0, 0, 0, 0, 0}},
    {"shared memory", SYS_mmap, {0, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, static_cast<std::uint64_t>(-1), 0}},
    {"memory of a file", SYS_mmap, {0, page, PROT_READ | PROT_WRITE, MAP_SHARED, 0, 0}},
    {"executable memory", SYS_mmap, {0, page, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, static_cast<std::uint64_t>(-1), 0}},
    {"memory made executable", SYS_mprotect, {0x1000, page, PROT_READ | PROT_EXEC, 0, 0, 0}},
    {"a process", SYS_clone, {SIGCHLD, 0, 0, 0, 0, 0}},
    {"a thread or process (clone3)", SYS_clone3, {0, 0, 0, 0, 0, 0}},
    {"fork(2)", SYS_fork, {0, 0, 0, 0, 0, 0}},
    {"vfork(2)", SYS_vfork, {0, 0, 0, 0, 0, 0}, -1, {}, false},
    {"an extended attribute", SYS_setxattr, {0, 0, 0, 0, 0, 0}, 0, "/tmp"},
    {"times of a file", SYS_utimensat, {here, 0, 0, 0, 0, 0}, 1, "/tmp"},
    {"rights of a file", SYS_chmod, {0, 01777, 0, 0, 0, 0}, 0, "/tmp"},
    {"a directory", SYS_mkdir, {0, 0700, 0, 0, 0, 0}, 0, file},
    {"a symbolic link", SYS_symlink, {0, 0, 0, 0, 0, 0}, 0, file},
    {"a longer file", SYS_truncate, {0, page, 0, 0, 0, 0}, 0, file},
    {"a pipe", SYS_pipe2, {0, 0, 0, 0, 0, 0}},
    {"write at a place", SYS_pwrite64, {0, 0, 0, 0, 0, 0}},
    {"send a file", SYS_sendfile, {0, 0, 0, 0, 0, 0}},
    {"move between descriptors", SYS_splice, {0, 0, 0, 0, 0, 0}},
    {"another number for a descriptor", SYS_dup2, {0, 99, 0, 0, 0, 0}},
    {"core dumps again", SYS_prctl, {PR_SET_DUMPABLE, 1, 0, 0, 0, 0}},
    {"the name of the process", SYS_prctl, {PR_SET_NAME, 0, 0, 0, 0, 0}, 1, "canary"},
    {"limits of the process", SYS_prlimit64, {0, 1, 0x1000, 0, 0, 0}},
    {"the kernel's log", SYS_syslog, {10, 0, 0, 0, 0, 0}},
    {"execve(2)", SYS_execve, {0, 0, 0, 0, 0, 0}, -1, {}, false},
    {"execveat(2)", SYS_execveat, {0, 0, 0, 0, 0, 0}, -1, {}, false},
    {"ptrace(2)", SYS_ptrace, {0, 0, 0, 0, 0, 0}, -1, {}, false},
    {"write into another process", SYS_process_vm_writev, {0, 0, 0, 0, 0, 0}, -1, {}, false},
    {"io_uring", SYS_io_uring_setup, {1, 0, 0, 0, 0, 0}, -1, {}, false},
    {"a BPF map", SYS_bpf, {0, 0, 0, 0, 0, 0}, -1, {}, false},
    {"a mount", SYS_mount, {0, 0, 0, 0, 0, 0}, -1, {}, false},
    {"a swap file", SYS_swapon, {0, 0, 0, 0, 0, 0}, -1, {}, false},
    {"another namespace", SYS_unshare, {CLONE_NEWUSER, 0, 0, 0, 0, 0}, -1, {}, false},
};

}  // namespace

std::span<const Call> harmless_calls(Role role) noexcept {
  return role == Role::relay ? std::span<const Call>{relay_calls} : std::span<const Call>{broker_calls};
}

bool is_harmless(Role role, long number) noexcept {
  return std::ranges::any_of(harmless_calls(role), [=](const Call& call) { return call.number == number; });
}

std::string_view call_name(long number) noexcept {
  for (const std::span<const Call> table : {std::span<const Call>{relay_calls}, std::span<const Call>{broker_calls}, std::span<const Call>{others}}) {
    const auto found = std::ranges::find(table, number, &Call::number);
    if (found != table.end()) return found->name;
  }
  return {};
}

std::span<const Exit> exits() noexcept { return all_exits; }

}  // namespace lethe::audit
