#pragma once
// The sockets that a process holds, from its descriptors and the tables of its network namespace (proc_net(5), unix(7)).
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace lethe::audit {

struct HeldSocket {
  std::uint64_t inode = 0;
  std::string family;            // «tcp», «udp», «unix», …; empty where no table knows it
  std::uint16_t local_port = 0;
  std::string path;              // of a local one that has a name
};
std::vector<HeldSocket> sockets_of(pid_t process);

}  // namespace lethe::audit
