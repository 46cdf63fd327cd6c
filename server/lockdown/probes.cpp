#include "lockdown/probes.hpp"

#include <fcntl.h>
#include <linux/memfd.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace lethe::lockdown {
namespace {

constexpr std::size_t page = 4'096;
constexpr int none = -1;   // no descriptor: without the filter EBADF

long map(int protection, int flags) noexcept {
  void* const mapped = ::mmap(nullptr, page, protection, flags, none, 0);
  if (mapped == MAP_FAILED) return -1;
  ::munmap(mapped, page);
  return 0;
}

// Opens or makes something; what it made is closed again.
long made(long descriptor) noexcept {
  if (descriptor < 0) return -1;
  ::close(static_cast<int>(descriptor));
  return 0;
}

constexpr Probe table[]{
    {"open-create", EACCES, [] { return made(::syscall(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY | O_CREAT, 0600)); }},
    {"open-read", EACCES, [] { return made(::syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY, 0)); }},
    {"openat2", ENOSYS, [] { return ::syscall(SYS_openat2, none, "", nullptr, 0); }},
    {"stat", EACCES, [] { return ::syscall(SYS_newfstatat, AT_FDCWD, "/", nullptr, 0); }},
    {"memfd", EPERM, [] { return made(::syscall(SYS_memfd_create, "", MFD_CLOEXEC)); }},
    {"socket", EPERM, [] { return made(::syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0)); }},
    {"connect", EPERM, [] { return ::syscall(SYS_connect, none, nullptr, 0); }},
    {"bind", EPERM, [] { return ::syscall(SYS_bind, none, nullptr, 0); }},
    {"listen", EPERM, [] { return ::syscall(SYS_listen, none, 0); }},
    {"fast-open", EPERM, [] { return ::syscall(SYS_sendto, none, nullptr, 0, MSG_FASTOPEN, nullptr, 0); }},
    {"send-to-address", EPERM, [] { return ::syscall(SYS_sendto, none, nullptr, 0, 0, 1, 0); }},
    {"zero-copy", EPERM, [] { return ::syscall(SYS_sendmsg, none, nullptr, MSG_ZEROCOPY); }},
    {"sendmmsg", EPERM, [] { return ::syscall(SYS_sendmmsg, none, nullptr, 0, 0); }},
    {"socket-option", EPERM, [] { return ::syscall(SYS_setsockopt, none, SOL_SOCKET, SO_ZEROCOPY, nullptr, 0); }},
    {"pwrite", EPERM, [] { return ::syscall(SYS_pwrite64, none, nullptr, 0, 0); }},
    {"writev", EPERM, [] { return ::syscall(SYS_writev, none, nullptr, 0); }},
    {"splice", EPERM, [] { return ::syscall(SYS_splice, none, nullptr, none, nullptr, 1, 0); }},
    {"sendfile", EPERM, [] { return ::syscall(SYS_sendfile, none, none, nullptr, 0); }},
    {"copy-file-range", EPERM, [] { return ::syscall(SYS_copy_file_range, none, nullptr, none, nullptr, 1, 0); }},
    {"truncate", EPERM, [] { return ::syscall(SYS_ftruncate, none, 0); }},
    {"dup", EPERM, [] { return ::syscall(SYS_dup, none); }},
    {"ioctl", EPERM, [] { return ::syscall(SYS_ioctl, none, 0, nullptr); }},
    {"setxattr", EPERM, [] { return ::syscall(SYS_setxattr, nullptr, nullptr, nullptr, 0, 0); }},
    {"fsetxattr", EPERM, [] { return ::syscall(SYS_fsetxattr, none, nullptr, nullptr, 0, 0); }},
    {"utimens", EPERM, [] { return ::syscall(SYS_utimensat, none, nullptr, nullptr, 0); }},
    {"chmod", EPERM, [] { return ::syscall(SYS_fchmod, none, 0); }},
    {"mkdir", EPERM, [] { return ::syscall(SYS_mkdirat, none, nullptr, 0); }},
    {"symlink", EPERM, [] { return ::syscall(SYS_symlinkat, nullptr, none, nullptr); }},
    {"shared-memory", EPERM, [] { return ::syscall(SYS_shmget, IPC_PRIVATE, 0, 0); }},
    {"message-queue", EPERM, [] { return ::syscall(SYS_msgsnd, none, nullptr, 0, 0); }},
    {"key", EPERM, [] { return ::syscall(SYS_add_key, nullptr, nullptr, nullptr, 0, 0); }},
    {"shared-mapping", EPERM, [] { return map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS); }},
    {"file-mapping", EPERM, [] { return map(PROT_READ, MAP_PRIVATE); }},
    {"executable-mapping", EPERM, [] { return map(PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS); }},
    {"executable-memory", EPERM, [] { return ::syscall(SYS_mprotect, nullptr, 0, PROT_READ | PROT_EXEC); }},
    // Without the filter EINVAL: such a pair of flags makes no process.
    {"clone", EPERM, [] { return ::syscall(SYS_clone, CLONE_SIGHAND, nullptr, nullptr, nullptr, nullptr); }},
    {"clone3", ENOSYS, [] { return ::syscall(SYS_clone3, nullptr, 0); }},
    {"signal-another", EPERM, [] { return ::syscall(SYS_tgkill, none, none, 0); }},
    // These four the starting filter lets through.
    {"another-filter", EPERM, [] { return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, nullptr); }},
    {"reading-capabilities", EPERM, [] { return ::syscall(SYS_capget, nullptr, nullptr); }},
    {"reading-dumpable", EPERM, [] { return ::syscall(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0); }},
    {"reading-limits", EPERM, [] { return ::syscall(SYS_prlimit64, 0, RLIMIT_CORE, nullptr, nullptr); }},
    {"dumpable", EPERM, [] { return ::syscall(SYS_prctl, PR_SET_DUMPABLE, 2, 0, 0, 0); }},
    {"limits", EPERM, [] { return ::syscall(SYS_prlimit64, none, -1, nullptr, nullptr); }},
    {"set-user", EPERM, [] { return ::syscall(SYS_setuid, -1); }},
};

}  // namespace

std::span<const Probe> probes() noexcept { return table; }

}  // namespace lethe::lockdown
