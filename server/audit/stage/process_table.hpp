#pragma once
// What /proc says of processes and their listening sockets (proc(5)). Everything as of the call; a process that ends meanwhile
// is left out.
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace lethe::audit {

struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';              // «Z»: ended, not yet waited for
  std::uint64_t started = 0;     // clock ticks since the boot
};

std::vector<ProcessEntry> all_processes();
// Those that `root` and theirs have made, itself first where it is there.
std::vector<ProcessEntry> with_descendants(const std::vector<ProcessEntry>& all, pid_t root);

struct ListeningPort {
  std::uint16_t port = 0;
  pid_t holder = 0;
};
// TCP ports at which these processes listen, in the network namespace of each; where several hold a socket, the last of `pids`
// counts. Processes whose descriptors may not be read are left out.
std::vector<ListeningPort> listening_ports(const std::vector<pid_t>& pids);

// Where /proc/PID/exe points to; empty where that may not be read.
std::string executable_of(pid_t pid);

}  // namespace lethe::audit
