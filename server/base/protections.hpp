#pragma once
// What the process really has against leaking, as it was verified; nothing here is a wish. A plain value: any thread may
// copy it. All is off until lockdown::confine and lockdown::seal have looked.
#include <array>
#include <cstdint>

namespace lethe {

struct Protections {
  bool clean_environment = false;     // no variable but those that lockdown/environment.hpp names
  bool closed_descriptors = false;    // none inherited but 0, 1 and 2; no file open beside them
  bool resource_limits = false;       // no core dump, no file growth, no message queue, no further process
  bool not_dumpable = false;          // PR_GET_DUMPABLE is 0
  bool no_new_privileges = false;
  bool no_capabilities = false;       // none permitted, effective, inheritable or ambient
  bool empty_bounding_set = false;    // only a process that starts with CAP_SETPCAP can have it
  bool no_executable_memory = false;  // PR_SET_MDWE; kernels before 6.3 have none
  bool landlock = false;
  bool seccomp = false;               // the last filter is in force in every thread
  bool self_test = false;             // every probe of lockdown/self_test.hpp was refused as the filter says
  unsigned landlock_abi = 0;          // the kernel's; 0 where it has no Landlock
  std::array<std::uint8_t, 32> filter_digest{};   // SHA-256 of the last filter; zeros while it is not in force

  // Whether nothing is missing that a kernel of version 5.13 or later can give to any user. Else the process is DEGRADED.
  constexpr bool complete() const noexcept {
    return clean_environment && closed_descriptors && resource_limits && not_dumpable && no_new_privileges &&
           no_capabilities && landlock && seccomp && self_test;
  }
};

}  // namespace lethe
