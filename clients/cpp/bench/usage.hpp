#pragma once
// What a server takes, from /proc (proc(5)): the process that serves and its children.
#include <sys/types.h>

#include <cstdint>

namespace lethe::bench {

struct Usage {
  double user = 0;                     // processor seconds in the program so far, by the clock's tick
  double ran = 0;                      // processor seconds in all, exactly, of the threads that there are (schedstat)
  double waited = 0;                   // seconds in which a thread could have run and had no core
  std::uint64_t resident = 0;          // bytes; with secret memory, which counts as shared (proc(5), RssShmem)
  std::uint64_t locked = 0;            // bytes
  std::uint64_t kernel_sockets = 0;    // bytes that TCP keeps in this network, of all programs
};

// Of this program, with threads that have ended.
double own_processor_seconds();

// `pid` 0: nothing but the kernel's part.
Usage usage_of(pid_t pid);

}  // namespace lethe::bench
