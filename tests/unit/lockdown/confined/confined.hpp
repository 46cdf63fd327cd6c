#pragma once
// For tests of the confinement inside of a child.
#include "lockdown/confinement.hpp"

namespace lethe::lockdown {

struct Sealed {
  bool held = false;          // false: `step` failed with `error`
  Protections protections;
  Step step{};
  int error = 0;
  char detail[24] = {};       // of a StepFailure, cut
};

// As the relay would ask for it after a clean start, with both filters built and the digest a counting pattern. The
// report pipe is on the list.
Confinement confinement(std::vector<Writable> writable = {});

// confine and seal; where confine fails, its failure.
Sealed confine_and_seal(const Confinement& confinement);
Sealed told(const Confined& confined);

// Becomes uid and gid 65534 without groups, for good. False where the process is not root.
bool become_nobody();

}  // namespace lethe::lockdown
