#pragma once
// Things in the kernel that can hold bytes without a file, as far as /proc lists them: System V shared memory, message queues and
// semaphores, POSIX message queues (where mounted), and keys.
#include <sys/types.h>

#include <set>
#include <string>

namespace lethe::audit {

// One name each, in the auditor's IPC namespace: «shm 3», «key 1a2b3c4d». Keyrings that logins make are left out.
std::set<std::string> kernel_objects();
// The whole of /proc/PID/NAME; empty where it can't be read.
std::string content_of(pid_t process, const std::string& name);

}  // namespace lethe::audit
