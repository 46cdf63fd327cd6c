#pragma once
// What `lethe --doctor` does, and what a start takes from it.
#include <string>

#include "ops/config.hpp"
#include "ops/startup.hpp"

namespace lethe::doctor {

// Prints the report on stdout; the program's exit status: doctor/report.hpp.
int tell(const ops::DoctorQuestion& asked);

// What breaks the promise here, at a start with `host_check`.
struct Unfit {
  std::size_t count = 0;
  std::string sentence;   // of the first, with its fix, in one line; empty where there is none
};
Unfit look_at_host(const ops::Config& config);

}  // namespace lethe::doctor
