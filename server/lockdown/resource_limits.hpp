#pragma once
// Resource limits (getrlimit(2)), soft and hard, all of them 0: nothing may grow that outlives the process.
namespace lethe::lockdown {

// Core dumps, files, message queues. SIGXFSZ is ignored, so that a write that would make a file grow fails with EFBIG
// and does not end the process. Returns 0 or errno.
int forbid_growth() noexcept;

// Processes and threads of this user: so after the worker threads have started. The kernel doesn't hold root to it; the
// filter's word on clone(2) holds for everyone. Returns 0 or errno.
int forbid_processes() noexcept;

bool growth_is_forbidden() noexcept;
bool processes_are_forbidden() noexcept;

}  // namespace lethe::lockdown
