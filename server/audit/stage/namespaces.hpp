#pragma once
// The auditor's own mount and network namespaces (unshare(2)): the relay, the clients and the probes run in them, and what they
// mount, listen at or send stays in them and ends with them.
#include <sys/types.h>

#include <string>

namespace lethe::audit {

struct Namespaces {
  bool mounts = false;
  bool network = false;
  bool root = false;               // real root, not that of a user namespace
  std::string why_not;             // a sentence where one of them is missing
};

// Enters new ones; as a normal user by way of a user namespace. The loopback interface is up afterwards, mounts no longer
// propagate. Only while there is one thread.
Namespaces enter_namespaces();

// Enters the network namespace of a running process, to reach its ports. False where that is not allowed.
bool enter_network_of(pid_t pid);

}  // namespace lethe::audit
