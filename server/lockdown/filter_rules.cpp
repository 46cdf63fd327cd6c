#include "lockdown/filter_rules.hpp"

#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "lockdown/kernel.hpp"

namespace lethe::lockdown {
namespace {

constexpr Condition equals(unsigned argument, std::uint64_t value) { return {argument, ~std::uint64_t{0}, value}; }
// `required`, and of the other bits only `optional` ones.
constexpr Condition flags(unsigned argument, std::uint64_t required, std::uint64_t optional = 0) {
  return {argument, ~optional, required};
}

constexpr std::uint64_t send_flags = MSG_NOSIGNAL | MSG_DONTWAIT;
constexpr std::uint64_t read_write = PROT_READ | PROT_WRITE;
// pthread_create's, in every version of glibc (nptl/pthread_create.c).
constexpr std::uint64_t thread_flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                                       CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;

constexpr Allowed always(const char* call, std::string_view reason) { return {call, {}, {}, reason}; }

constexpr Allowed serving[]{
    {"sendto", {flags(3, 0, send_flags), equals(4, 0)}, "no destination; no flag but `MSG_NOSIGNAL`, `MSG_DONTWAIT`",
     "Bytes go to a peer that has connected."},
    {"write", {}, "a descriptor of the list, no longer than the list says",
     "Wakes an event loop (8 bytes), passes on a signal's number (4), writes a line of the log.", true},
    {"sendmsg", {flags(2, 0, send_flags)}, "no flag but `MSG_NOSIGNAL`, `MSG_DONTWAIT`",
     "The admin pages' answers, in several parts; the sockets, to a successor ([ADR 12](adr/0012-hand-over.md))."},
    {"ioctl", {equals(1, FIONBIO)}, "`FIONBIO`", "An accepted connection is set to not block."},
    {"setsockopt", {equals(1, IPPROTO_TCP), equals(2, TCP_NODELAY)}, "`TCP_NODELAY`",
     "A message leaves without waiting for the next."},
    {"getsockopt", {equals(1, SOL_SOCKET), equals(2, SO_ERROR)}, "`SO_ERROR`", "Why a connection ended."},
    {"mmap", {flags(2, 0, read_write), flags(3, MAP_PRIVATE | MAP_ANONYMOUS, MAP_NORESERVE | MAP_STACK)},
     "private and anonymous; not executable; of other flags only `MAP_NORESERVE`, `MAP_STACK`", "The heap grows."},
    {"mprotect", {flags(2, 0, read_write)}, "not executable", "The heaps of threads grow inside of what they have reserved."},
    {"mremap", {equals(3, MREMAP_MAYMOVE)}, "`MREMAP_MAYMOVE`", "A large block of the heap grows."},
    {"madvise", {equals(2, MADV_DONTNEED)}, "`MADV_DONTNEED`", "Free pages go back, emptied."},
    {"madvise", {equals(2, MADV_DONTNEED_LOCKED)}, "`MADV_DONTNEED_LOCKED`", "The same for the arena's locked pages."},
    always("recvfrom", "Bytes come from a peer."),
    always("epoll_wait", "A thread waits for work."),
    always("epoll_pwait", "The same, where there is no `epoll_wait`."),
    always("epoll_ctl", "A connection is watched."),
    always("timerfd_settime", "The next deadline."),
    always("read", "What woke an event loop: its event, its timer, a signal's number; what comes through a pipe."),
    always("futex", "Locks, and waiting for threads to end."),
    always("recvmsg", "Requests for the admin pages; a successor's greeting, with its user."),
    always("accept", "A peer connects."),
    always("accept4", "The same, with flags."),
    always("getpeername", "Where a peer comes from, for the limits on sources."),
    always("getsockname", "The port that is served."),
    always("shutdown", "A connection ends in order."),
    always("close", "A connection ends."),
    always("munmap", "The heap shrinks."),
    always("brk", "The heap grows and shrinks."),
    always("mlock2", "The arena's pages are locked again after they went back."),
    always("munlock", "The arena's pages go back on kernels without `MADV_DONTNEED_LOCKED`."),
    always("clock_gettime", "The time, where the kernel lends no page to read it from."),
    always("gettimeofday", "The same, as OpenSSL asks."),
    always("time", "The same, as OpenSSL asks."),
    always("getrandom", "OpenSSL's and the relay's random bytes."),
    always("getpid", "OpenSSL asks whether it is in a child."),
    always("gettid", "The log's library asks for a thread's number."),
    always("sched_yield", "A lock that spins lets others go first."),
    always("sched_getaffinity", "The heap asks how many processors there are."),
    always("set_robust_list", "A thread's first call: one may be starting as the last filter comes."),
    always("rseq", "Its second; glibc ends the process where it fails."),
    always("rt_sigprocmask", "Signals are held back while a thread ends."),
    always("rt_sigaction", "The signals' set gives back what it took."),
    always("rt_sigreturn", "A signal's handler ends."),
    always("restart_syscall", "The kernel goes on with a call that a stop had interrupted."),
    always("exit", "A thread ends."),
    always("exit_group", "The process ends."),
};

constexpr Allowed starting[]{
    {"clone", {equals(0, thread_flags)}, "exactly the flags of a new thread", "The worker threads start."},
    {"seccomp", {equals(0, SECCOMP_SET_MODE_FILTER), equals(1, SECCOMP_FILTER_FLAG_TSYNC)},
     "a filter for all threads", "The next filter is put on top of this one."},
    {"prctl", {equals(0, PR_GET_SECCOMP)}, "`PR_GET_SECCOMP`", "What holds is read once more."},
    {"prctl", {equals(0, PR_GET_DUMPABLE)}, "`PR_GET_DUMPABLE`", "The same."},
    {"prctl", {equals(0, PR_GET_NO_NEW_PRIVS)}, "`PR_GET_NO_NEW_PRIVS`", "The same."},
    {"prctl", {equals(0, kernel::pr_get_mdwe)}, "`PR_GET_MDWE`", "The same."},
    {"prctl", {equals(0, PR_CAPBSET_READ)}, "`PR_CAPBSET_READ`", "The same."},
    always("capget", "The same."),
    {"prlimit64", {equals(0, 0), equals(2, 0)}, "of itself, reading", "The same."},
    {"prlimit64", {equals(0, 0), equals(1, RLIMIT_NPROC)}, "`RLIMIT_NPROC` of itself",
     "Once the threads run, no other process may start."},
};

constexpr const char* paths[]{
    "open", "openat", "creat", "stat", "lstat", "fstat", "newfstatat", "statx", "statfs", "fstatfs", "readlink",
    "readlinkat", "access", "faccessat", "faccessat2"};
constexpr const char* unknown[]{"openat2", "clone3"};
constexpr const char* deadly[]{
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_getfd", "kcmp",
    "execve", "execveat", "uselib", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "mount", "umount2",
    "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "setns",
    "unshare", "swapon", "swapoff", "reboot", "acct", "iopl", "ioperm", "modify_ldt", "open_by_handle_at"};

constexpr Refused refused[]{
    {Answer::no_access, "Libraries ask for files by habit (glibc for `/proc/sys/vm/overcommit_memory` as a heap shrinks) and go on without.", paths},
    {Answer::not_implemented, "Their flags stand in memory, where a filter can't look; glibc then takes the older call.", unknown},
    {Answer::kill, "Only an exploit calls them. Nothing is written as the process ends, and its memory goes back to the kernel.", deadly},
};

}  // namespace

std::span<const Allowed> allowed_calls() noexcept { return serving; }
std::span<const Allowed> starting_calls() noexcept { return starting; }
std::span<const Refused> refused_calls() noexcept { return refused; }

}  // namespace lethe::lockdown
