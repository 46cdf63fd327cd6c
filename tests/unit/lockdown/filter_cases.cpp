#include "unit/lockdown/filter_cases.hpp"

namespace lethe::lockdown {
namespace {

constexpr auto yes = Verdict::allowed;
constexpr auto depends = Verdict::depends;
constexpr auto eperm = Verdict::eperm;
constexpr auto eacces = Verdict::eacces;
constexpr auto enosys = Verdict::enosys;
constexpr auto killed = Verdict::killed;

// Each with its numbers on x86-64 and AArch64, then while serving and while starting.
constexpr NumberedCall numbered[]{
    {"recvfrom", 45, 207, yes, yes}, {"epoll_wait", 232, -1, yes, yes}, {"epoll_pwait", 281, 22, yes, yes},
    {"epoll_ctl", 233, 21, yes, yes}, {"timerfd_settime", 286, 86, yes, yes}, {"read", 0, 63, yes, yes},
    {"futex", 202, 98, yes, yes}, {"recvmsg", 47, 212, yes, yes}, {"accept", 43, 202, yes, yes},
    {"accept4", 288, 242, yes, yes}, {"getpeername", 52, 205, yes, yes}, {"getsockname", 51, 204, yes, yes},
    {"shutdown", 48, 210, yes, yes}, {"close", 3, 57, yes, yes}, {"munmap", 11, 215, yes, yes},
    {"brk", 12, 214, yes, yes}, {"mlock2", 325, 284, yes, yes}, {"munlock", 150, 229, yes, yes},
    {"clock_gettime", 228, 113, yes, yes}, {"gettimeofday", 96, 169, yes, yes}, {"time", 201, -1, yes, yes},
    {"getrandom", 318, 278, yes, yes}, {"getpid", 39, 172, yes, yes},
    {"gettid", 186, 178, yes, yes}, {"sched_yield", 24, 124, yes, yes}, {"sched_getaffinity", 204, 123, yes, yes},
    {"rt_sigprocmask", 14, 135, yes, yes}, {"rt_sigaction", 13, 134, yes, yes}, {"rt_sigreturn", 15, 139, yes, yes},
    {"restart_syscall", 219, 128, yes, yes}, {"exit", 60, 93, yes, yes}, {"exit_group", 231, 94, yes, yes},
    {"sendto", 44, 206, depends, depends}, {"write", 1, 64, depends, depends}, {"sendmsg", 46, 211, depends, depends},
    {"ioctl", 16, 29, depends, depends}, {"setsockopt", 54, 208, depends, depends},
    {"getsockopt", 55, 209, depends, depends}, {"mmap", 9, 222, depends, depends},
    {"mprotect", 10, 226, depends, depends}, {"mremap", 25, 216, depends, depends},
    {"madvise", 28, 233, depends, depends},
    {"set_robust_list", 273, 99, yes, yes}, {"rseq", 334, 293, yes, yes}, {"capget", 125, 90, eperm, yes},
    {"clone", 56, 220, eperm, depends}, {"seccomp", 317, 277, eperm, depends}, {"prctl", 157, 167, eperm, depends},
    {"prlimit64", 302, 261, eperm, depends},
    {"open", 2, -1, eacces, eacces}, {"openat", 257, 56, eacces, eacces}, {"creat", 85, -1, eacces, eacces},
    {"stat", 4, -1, eacces, eacces}, {"lstat", 6, -1, eacces, eacces}, {"fstat", 5, 80, eacces, eacces},
    {"newfstatat", 262, 79, eacces, eacces}, {"statx", 332, 291, eacces, eacces}, {"statfs", 137, 43, eacces, eacces},
    {"fstatfs", 138, 44, eacces, eacces}, {"readlink", 89, -1, eacces, eacces}, {"readlinkat", 267, 78, eacces, eacces},
    {"access", 21, -1, eacces, eacces}, {"faccessat", 269, 48, eacces, eacces}, {"faccessat2", 439, 439, eacces, eacces},
    {"openat2", 437, 437, enosys, enosys}, {"clone3", 435, 435, enosys, enosys},
    {"ptrace", 101, 117, killed, killed}, {"process_vm_readv", 310, 270, killed, killed},
    {"process_vm_writev", 311, 271, killed, killed}, {"process_madvise", 440, 440, killed, killed},
    {"process_mrelease", 448, 448, killed, killed}, {"pidfd_getfd", 438, 438, killed, killed},
    {"kcmp", 312, 272, killed, killed}, {"execve", 59, 221, killed, killed}, {"execveat", 322, 281, killed, killed},
    {"uselib", 134, -1, killed, killed}, {"bpf", 321, 280, killed, killed},
    {"perf_event_open", 298, 241, killed, killed}, {"userfaultfd", 323, 282, killed, killed},
    {"io_uring_setup", 425, 425, killed, killed}, {"io_uring_enter", 426, 426, killed, killed},
    {"io_uring_register", 427, 427, killed, killed}, {"init_module", 175, 105, killed, killed},
    {"finit_module", 313, 273, killed, killed}, {"delete_module", 176, 106, killed, killed},
    {"kexec_load", 246, 104, killed, killed}, {"kexec_file_load", 320, 294, killed, killed},
    {"mount", 165, 40, killed, killed}, {"umount2", 166, 39, killed, killed}, {"pivot_root", 155, 41, killed, killed},
    {"chroot", 161, 51, killed, killed}, {"move_mount", 429, 429, killed, killed},
    {"open_tree", 428, 428, killed, killed}, {"fsopen", 430, 430, killed, killed},
    {"fsconfig", 431, 431, killed, killed}, {"fsmount", 432, 432, killed, killed}, {"fspick", 433, 433, killed, killed},
    {"mount_setattr", 442, 442, killed, killed}, {"setns", 308, 268, killed, killed},
    {"unshare", 272, 97, killed, killed}, {"swapon", 167, 224, killed, killed}, {"swapoff", 168, 225, killed, killed},
    {"reboot", 169, 142, killed, killed}, {"acct", 163, 89, killed, killed}, {"iopl", 172, -1, killed, killed},
    {"ioperm", 173, -1, killed, killed}, {"modify_ldt", 154, -1, killed, killed},
    {"open_by_handle_at", 304, 265, killed, killed},
};

constexpr std::uint64_t high = std::uint64_t{1} << 32;   // a half that the kernel ignores in an int
constexpr std::uint64_t at = 0x7f00'0000'0000;           // some address
constexpr auto on = Stage::serving;
constexpr auto early = Stage::starting;
constexpr std::uint64_t private_anonymous = 0x22;
constexpr std::uint64_t thread = 0x3d0f00;

constexpr ArgumentCase arguments[]{
    {"sendto", on, {20, at, 100, 0x4040, 0, 0}, true, "as the relay sends"},
    {"sendto", on, {20, at, 100, 0, 0, 0}, true, "no flags"},
    {"sendto", on, {20, at, 100, 0x20000000, 0, 0}, false, "MSG_FASTOPEN"},
    {"sendto", on, {20, at, 100, 0x4000000, 0, 0}, false, "MSG_ZEROCOPY"},
    {"sendto", on, {20, at, 100, 0x4041, 0, 0}, false, "MSG_OOB"},
    {"sendto", on, {20, at, 100, 0x4040 | high, 0, 0}, false, "a flag in the upper half"},
    {"sendto", on, {20, at, 100, 0x4040, at, 16}, false, "a destination"},
    {"sendto", on, {20, at, 100, 0x4040, high, 16}, false, "a destination in the upper half"},
    {"sendmsg", on, {20, at, 0x4000, 0, 0, 0}, true, "as Asio sends"},
    {"sendmsg", on, {20, at, 0x20004000, 0, 0, 0}, false, "MSG_FASTOPEN"},
    {"sendmsg", on, {20, at, 0x4004000, 0, 0, 0}, false, "MSG_ZEROCOPY"},
    {"write", on, {5, at, 8, 0, 0, 0}, true, "an event"},
    {"write", on, {5, at, 9, 0, 0, 0}, false, "too much for an event"},
    {"write", on, {5, at, 8 | high, 0, 0, 0}, false, "4 GiB and an event"},
    {"write", on, {5 | high, at, 8, 0, 0, 0}, false, "an event and a bit in the upper half"},
    {"write", on, {7, at, 4, 0, 0, 0}, true, "a signal's number"},
    {"write", on, {7, at, 8, 0, 0, 0}, false, "more than a signal's number"},
    {"write", on, {9, at, 4096, 0, 0, 0}, true, "a line of the log"},
    {"write", on, {9, at, 4097, 0, 0, 0}, false, "too long a line"},
    {"write", on, {1, at, 1, 0, 0, 0}, false, "standard output"},
    {"write", on, {6, at, 4, 0, 0, 0}, false, "between two of the list"},
    {"write", on, {10, at, 0, 0, 0, 0}, false, "behind the list"},
    {"ioctl", on, {20, 0x5421, at, 0, 0, 0}, true, "FIONBIO"},
    {"ioctl", on, {0, 0x5412, at, 0, 0, 0}, false, "TIOCSTI"},
    {"ioctl", on, {20, 0x5421 | high, at, 0, 0, 0}, false, "FIONBIO and a bit in the upper half"},
    {"setsockopt", on, {20, 6, 1, at, 4, 0}, true, "TCP_NODELAY"},
    {"setsockopt", on, {20, 6, 30, at, 4, 0}, false, "TCP_FASTOPEN_CONNECT"},
    {"setsockopt", on, {20, 1, 1, at, 4, 0}, false, "the same number at another level"},
    {"setsockopt", on, {20, 1, 60, at, 4, 0}, false, "SO_ZEROCOPY"},
    {"getsockopt", on, {20, 1, 4, at, at, 0}, true, "SO_ERROR"},
    {"getsockopt", on, {20, 6, 11, at, at, 0}, false, "TCP_INFO"},
    {"mmap", on, {0, 4096, 3, private_anonymous, ~0ULL, 0}, true, "heap"},
    {"mmap", on, {0, 4096, 0, private_anonymous | 0x4000, ~0ULL, 0}, true, "a thread's heap, reserved"},
    {"mmap", on, {0, 4096, 0, private_anonymous | 0x20000, ~0ULL, 0}, true, "a stack"},
    {"mmap", on, {0, 4096, 5, private_anonymous, ~0ULL, 0}, false, "executable"},
    {"mmap", on, {0, 4096, 7, private_anonymous, ~0ULL, 0}, false, "writable and executable"},
    {"mmap", on, {0, 4096, 3, 0x21, ~0ULL, 0}, false, "shared"},
    {"mmap", on, {0, 4096, 3, 0x23, ~0ULL, 0}, false, "MAP_SHARED_VALIDATE"},
    {"mmap", on, {0, 4096, 3, 0x02, 20, 0}, false, "a file, private"},
    {"mmap", on, {0, 4096, 3, 0x01, 20, 0}, false, "a file, shared"},
    {"mmap", on, {0, 4096, 3, private_anonymous | 0x10, ~0ULL, 0}, false, "in the place of another mapping"},
    {"mmap", on, {0, 4096, 3, private_anonymous | 0x2000, ~0ULL, 0}, false, "locked"},
    {"mmap", on, {0, 4096, 3 | high, private_anonymous, ~0ULL, 0}, false, "a protection in the upper half"},
    {"mprotect", on, {at, 4096, 3, 0, 0, 0}, true, "readable and writable"},
    {"mprotect", on, {at, 4096, 0, 0, 0, 0}, true, "a guard"},
    {"mprotect", on, {at, 4096, 5, 0, 0, 0}, false, "executable"},
    {"mremap", on, {at, 4096, 8192, 1, 0, 0}, true, "MREMAP_MAYMOVE"},
    {"mremap", on, {at, 4096, 8192, 3, at, 0}, false, "MREMAP_FIXED"},
    {"mremap", on, {at, 4096, 8192, 5, 0, 0}, false, "MREMAP_DONTUNMAP"},
    {"madvise", on, {at, 4096, 4, 0, 0, 0}, true, "MADV_DONTNEED"},
    {"madvise", on, {at, 4096, 24, 0, 0, 0}, true, "MADV_DONTNEED_LOCKED"},
    {"madvise", on, {at, 4096, 8, 0, 0, 0}, false, "MADV_FREE leaves the bytes"},
    {"madvise", on, {at, 4096, 17, 0, 0, 0}, false, "MADV_DODUMP"},
    {"madvise", on, {at, 4096, 21, 0, 0, 0}, false, "MADV_PAGEOUT"},
    {"madvise", on, {at, 4096, 12, 0, 0, 0}, false, "MADV_MERGEABLE"},
    {"clone", early, {thread, at, at, at, at, 0}, true, "a thread"},
    {"clone", early, {thread | 0x20000, at, at, at, at, 0}, false, "a thread with mounts of its own"},
    {"clone", early, {thread | high, at, at, at, at, 0}, false, "a thread with an unknown flag"},
    {"clone", early, {17, 0, 0, 0, 0, 0}, false, "a child"},
    {"clone", early, {0x4111, at, 0, 0, 0, 0}, false, "a child that shares the memory"},
    {"clone", on, {thread, at, at, at, at, 0}, false, "a thread"},
    {"seccomp", early, {1, 1, at, 0, 0, 0}, true, "a filter for all threads"},
    {"seccomp", early, {1, 0, at, 0, 0, 0}, false, "a filter for one thread"},
    {"seccomp", early, {1, 9, at, 0, 0, 0}, false, "a filter with a listener"},
    {"seccomp", on, {1, 1, at, 0, 0, 0}, false, "a filter for all threads"},
    {"prctl", early, {21, 0, 0, 0, 0, 0}, true, "PR_GET_SECCOMP"},
    {"prctl", early, {3, 0, 0, 0, 0, 0}, true, "PR_GET_DUMPABLE"},
    {"prctl", early, {39, 0, 0, 0, 0, 0}, true, "PR_GET_NO_NEW_PRIVS"},
    {"prctl", early, {66, 0, 0, 0, 0, 0}, true, "PR_GET_MDWE"},
    {"prctl", early, {23, 5, 0, 0, 0, 0}, true, "PR_CAPBSET_READ"},
    {"prctl", early, {4, 1, 0, 0, 0, 0}, false, "PR_SET_DUMPABLE"},
    {"prctl", early, {15, at, 0, 0, 0, 0}, false, "PR_SET_NAME"},
    {"prctl", on, {3, 0, 0, 0, 0, 0}, false, "PR_GET_DUMPABLE"},
    {"prctl", on, {4, 1, 0, 0, 0, 0}, false, "PR_SET_DUMPABLE"},
    {"prlimit64", early, {0, 4, 0, at, 0, 0}, true, "reading a limit"},
    {"prlimit64", early, {0, 1, at, 0, 0, 0}, false, "setting RLIMIT_FSIZE"},
    {"prlimit64", early, {0, 6, at, 0, 0, 0}, true, "setting RLIMIT_NPROC"},
    {"prlimit64", early, {1, 4, 0, at, 0, 0}, false, "another process's limit"},
    {"prlimit64", on, {0, 4, 0, at, 0, 0}, false, "reading a limit"},
};

}  // namespace

std::span<const NumberedCall> numbered_calls() { return numbered; }
std::span<const ArgumentCase> argument_cases() { return arguments; }
std::vector<Writable> sample_writable() { return {{5, 8}, {7, 4}, {9, 4'096}}; }

}  // namespace lethe::lockdown
