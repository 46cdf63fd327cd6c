#pragma once
// The stages of a workload, a file each. A stage brings the relay to its phase, with nothing of its own on the way, and leaves
// sessions open and idle. Each is a std::runtime_error where the relay does something else.
#include "audit/workload/play.hpp"

namespace lethe::audit {

void queue_up(Play& play);
void collect(Play& play);
void close_all(Play& play);
void expire(Play& play);
void displace(Play& play);
void recall(Play& play);
void be_refused(Play& play);
void send_too_much(Play& play);
void send_malformed(Play& play);
void cut_off(Play& play);
void take_over(Play& play);

// A part of `collect`: many messages between many sessions, half of which are then closed.
void soak(Play& play);

}  // namespace lethe::audit
