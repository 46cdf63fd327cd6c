#pragma once
// What must hold where the filter doesn't: with the thread's seccomp filters suspended (PTRACE_O_SUSPEND_SECCOMP), calls are
// made from inside that Landlock must refuse, and the kernel is asked for what /proc doesn't tell. Only what this kernel can.
#include <cstdint>
#include <string>
#include <vector>

#include "audit/probes/tracee.hpp"

namespace lethe::audit {

struct SecondLines {
  std::uint64_t tried = 0;
  std::vector<std::string> broken;   // sentences
};

// `tracee`: with its filters suspended. Leaves no descriptor behind.
SecondLines try_second_lines(Tracee& tracee);

}  // namespace lethe::audit
