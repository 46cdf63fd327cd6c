#pragma once
// fork and exec of a Launch.
#include <sys/types.h>

#include "audit/stage/launch.hpp"

namespace lethe::audit {

// The child's pid: in a process group of its own, with stdin from /dev/null and these descriptors as stdout and stderr, killed
// when the calling thread ends. Throws std::runtime_error where there is no fork; an exec that fails is exit status 127.
pid_t start_child(const Launch& launch, int out, int err);

}  // namespace lethe::audit
