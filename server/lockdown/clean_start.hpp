#pragma once
// The first act of main: whatever the process was started with and does not need is gone before any other code runs.
#include <lethe/base/result.hpp>

namespace lethe::lockdown {

struct CleanStart {
  bool environment_clean = false;    // verified: nothing is set but what environment.hpp keeps
  bool descriptors_closed = false;   // verified: 0, 1 and 2 are open, no other was
  bool restarted = false;            // the program was executed once more for a clean environment
  unsigned variables_dropped = 0;
  unsigned descriptors_dropped = 0;
};

// Closes every descriptor from 3 on (close_range(2), Linux 5.9), opens /dev/null in the place of a missing 0, 1 or 2, and,
// where the environment holds anything that environment.hpp doesn't keep, executes /proc/self/exe once more with the same
// arguments and only what is kept: then it does not return, and the new run reports. `environment` is main's own `environ`;
// the mark that tells the second run that it is the second is taken out of it.
//
// Call it first in main, before any thread and before any library is used, and not at all where the lock-down is off. It
// guards against a careless start, not against one who may choose the program that is started: code that LD_PRELOAD brought
// has run by then. Error: errno of what failed; ELOOP where the second run still finds something to drop.
Result<CleanStart> clean_start(char* const* arguments, char** environment);

}  // namespace lethe::lockdown
