#pragma once
// How the relay under audit is to be started. The auditor runs (as root) in mount and network namespaces of its own, so a
// probe's mounts, swap files and captures end with it; the relay and the clients run in the same ones.
#include <functional>
#include <string>
#include <vector>

namespace lethe::audit {

struct Launch {
  std::string program;                              // path of the binary
  std::vector<std::string> arguments;               // flags, without the program's name
  std::vector<std::string> environment;             // complete: NAME=value
  std::string working_directory;                    // empty: the auditor's
  std::string root;                                 // chroot, for an image's file system; empty: none
  // Run in the child between fork and exec, in order; async-signal-safe calls only.
  std::vector<std::function<void()>> in_child;
};

}  // namespace lethe::audit
