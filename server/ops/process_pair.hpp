#pragma once
// One process becomes two: the parent is the broker, the child the relay. What they share is a socket pair and a pipe.
#include <sys/types.h>

#include <variant>

#include "base/descriptor.hpp"

namespace lethe::ops {

struct RelayEnd {
  Descriptor link;   // socket pair: start reports out, renewed certificates in
  Descriptor log;    // pipe, writing, non-blocking
};

struct BrokerEnd {
  pid_t relay = 0;
  Descriptor link;
  Descriptor log;       // reading, non-blocking
  Descriptor signals;   // signalfd(2): SIGTERM, SIGINT, SIGHUP, SIGCHLD, which are blocked otherwise
};

// Precondition: one thread. In the child the signals are as before, but for SIGHUP, which is ignored: a terminal sends it to
// both, and it is the broker's. The child dies with its parent, at once. Throws std::runtime_error.
std::variant<RelayEnd, BrokerEnd> split_process();

}  // namespace lethe::ops
