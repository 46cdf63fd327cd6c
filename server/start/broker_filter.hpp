#pragma once
#include <sys/types.h>

namespace lethe::start {

// The broker's system calls: reading files and descriptors, writing to 1 and 2 and to its socket, waiting, memory, signals
// to `relay`. Everything else fails with EPERM. Needs no_new_privs. Returns 0 or errno.
int filter_broker(pid_t relay) noexcept;

}  // namespace lethe::start
