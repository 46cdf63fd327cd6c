#pragma once
#include <string_view>

#include "base/protections.hpp"

namespace lethe::lockdown {

// Reads back what the kernel says of the process and writes it into `protections`: limits, dumpable, no_new_privs,
// capabilities, executable memory, and `seccomp` (any filter). Leaves the other fields alone. For the time between confine
// and seal: the last filter allows none of these readings. Returns the name of the first that must hold and does not; empty
// if all do.
std::string_view attest(Protections& protections) noexcept;

}  // namespace lethe::lockdown
