#pragma once
// What an audit changes of the whole machine must not outlast it, however the auditor ends: processes, swap, the core pattern.
#include <functional>

namespace lethe::audit {

// Runs `work` in a child and returns its exit status (128 and the signal's number where one ended it). Once the child is gone, ends
// what it has left running, takes swap devices off that were put on meanwhile and lie on an auditor's file, and writes back
// /proc/sys/kernel/core_pattern. Signals that ask to stop go to the child. Only while there is one thread.
int guarded(const std::function<int()>& work);

}  // namespace lethe::audit
