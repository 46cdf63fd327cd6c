#pragma once
#include "base/protections.hpp"

namespace lethe::net {

// What was verified of the process before it accepted anyone.
struct Posture {
  Protections protections;
  bool broker = false;     // another process keeps the files and prints the log
  unsigned level = 0;      // 0: no lock-down, 1: degraded, 2: all of it, 3: with the secret arena as well

  bool degraded() const noexcept { return level < 2; }
};

}  // namespace lethe::net
