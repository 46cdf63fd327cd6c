#include "lockdown/install.hpp"

#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace lethe::lockdown {

int install(const FilterProgram& program, std::uint32_t flags) noexcept {
  if (program.empty() || program.size() > BPF_MAXINSNS) return EINVAL;
  // The kernel copies the program; it takes no const pointer.
  const sock_fprog whole{static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
  const long outcome = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &whole);
  if (outcome < 0) return errno;
  return outcome == 0 ? 0 : ESRCH;
}

}  // namespace lethe::lockdown
