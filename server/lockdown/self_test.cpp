#include "lockdown/self_test.hpp"

#include <fcntl.h>
#include <linux/memfd.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace lethe::lockdown {
namespace {

struct Probe {
  std::string_view name;
  int expected;
  long (*attempt)();   // -1 with errno, or what the call gave
  bool makes_descriptor = false;
};

constexpr std::size_t page = 4'096;
constexpr int none = -1;   // no descriptor: without the filter EBADF

long map(int protection, int flags) noexcept {
  void* const mapped = ::mmap(nullptr, page, protection, flags, none, 0);
  if (mapped == MAP_FAILED) return -1;
  ::munmap(mapped, page);
  return 0;
}

constexpr Probe probes[]{
    {"open-create", EACCES, [] { return ::syscall(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY | O_CREAT, 0600); }, true},
    {"open-read", EACCES, [] { return ::syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY, 0); }, true},
    {"openat2", ENOSYS, [] { return ::syscall(SYS_openat2, none, "", nullptr, 0); }},
    {"stat", EACCES, [] { return ::syscall(SYS_newfstatat, AT_FDCWD, "/", nullptr, 0); }},
    {"memfd", EPERM, [] { return ::syscall(SYS_memfd_create, "", MFD_CLOEXEC); }, true},
    {"socket", EPERM, [] { return ::syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0); }, true},
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
    {"dumpable", EPERM, [] { return ::syscall(SYS_prctl, PR_SET_DUMPABLE, 2, 0, 0, 0); }},
    {"limits", EPERM, [] { return ::syscall(SYS_prlimit64, none, -1, nullptr, nullptr); }},
    {"set-user", EPERM, [] { return ::syscall(SYS_setuid, -1); }},
    {"another-filter", EPERM, [] { return ::syscall(SYS_seccomp, -1, 0, nullptr); }},
};

std::optional<ProbeFailure> judge(std::string_view name, int expected, long result, bool makes_descriptor) noexcept {
  const int got = result == -1 ? errno : 0;
  if (result >= 0 && makes_descriptor) ::close(static_cast<int>(result));
  if (got == expected) return std::nullopt;
  return ProbeFailure{name, got};
}

// The lowest number that is not on the list: 0 in most processes.
int not_writable(std::span<const Writable> writable) noexcept {
  int number = 0;
  while (std::ranges::find(writable, number, &Writable::number) != writable.end()) ++number;
  return number;
}

}  // namespace

std::optional<ProbeFailure> self_test(std::span<const Writable> writable) noexcept {
  for (const Probe& probe : probes) {
    if (const auto failure = judge(probe.name, probe.expected, probe.attempt(), probe.makes_descriptor)) return failure;
  }
  const long nothing_written = ::syscall(SYS_write, not_writable(writable), nullptr, 0);
  if (const auto failure = judge("write", EPERM, nothing_written, false)) return failure;
  for (const Writable& one : writable) {
    const long too_long = ::syscall(SYS_write, one.number, nullptr, std::size_t{one.longest} + 1);
    if (const auto failure = judge("long-write", EPERM, too_long, false)) return failure;
  }
  return std::nullopt;
}

}  // namespace lethe::lockdown
