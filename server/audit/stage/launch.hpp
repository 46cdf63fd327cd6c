#pragma once
// How the relay under audit is to be started. The auditor runs (as root) in mount and network namespaces of its own, so a
// probe's mounts, swap files and captures end with it; the relay and the clients run in the same ones.
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace lethe::audit {

struct Launch {
  std::string program;                              // path of the binary, below `root` where there is one
  std::string name;                                 // argv[0]; empty: `program`
  std::vector<std::string> arguments;               // flags, without the program's name
  std::vector<std::string> environment;             // complete: NAME=value
  std::string working_directory;                    // empty: the auditor's; with `root`: /
  std::string root;                                 // chroot, for an image's file system; empty: none
  uid_t user = 0;                                   // with `root`: whom it runs as, when the auditor is root: without
                                                    // capabilities, and free to lock memory
  gid_t group = 0;
  // Run in the child between fork and exec, in order, before the chroot; async-signal-safe calls only. All descriptors but the
  // first three are closed by exec unless one of these clears FD_CLOEXEC.
  std::vector<std::function<void()>> in_child;
};

}  // namespace lethe::audit
