#pragma once
// What the broker gives up: it keeps the directories of certificate and configuration, to read from, the log's output, to
// write to, and the relay, to signal. It isn't held to less memory or fewer files than its user.
#include <sys/types.h>

#include <string>
#include <vector>

namespace lethe::start {

// The directories that a new version of these files can come from: those of the paths, and those that they really lie in.
std::vector<std::string> directories_of(const std::vector<std::string>& files);

// No core dump, no memory for others to read, no new privileges, no capabilities; Landlock: reading below `readable` only; a
// system call filter (start/broker_filter.hpp). Of the calling thread, which is the only one; for ever. Empty, or the
// name of the first step that failed: those after it weren't tried.
std::string confine_broker(const std::vector<std::string>& readable, pid_t relay);

}  // namespace lethe::start
