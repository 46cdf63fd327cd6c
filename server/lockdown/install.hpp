#pragma once
#include <cstdint>

#include "lockdown/filter.hpp"

namespace lethe::lockdown {

// Puts a filter on top of those in force: for the calling thread, or with SECCOMP_FILTER_FLAG_TSYNC for all. Needs
// no_new_privs. Returns 0 or errno; EINVAL for an empty program, ESRCH where a thread could not be brought under it.
int install(const FilterProgram& program, std::uint32_t flags) noexcept;

}  // namespace lethe::lockdown
