#pragma once
// The successor's side of a hand-over, once it has started completely and nobody is served yet: asks for what the predecessor
// holds and takes it in. It waits in the calls themselves: this thread has nothing else to do.
#include <functional>

#include "net/hand_over.hpp"
#include "net/relay.hpp"

namespace lethe::net {

// `connection`: a blocking socket after the answer of HandOverAnswer, with a limit on how long a call may wait (SO_RCVTIMEO); it
// stays the caller's. `given_up` is asked between two frames, and before the point of no return. When it returns, the relay's threads
// have what they hold, and it is for this process to serve. Throws std::runtime_error with one clear sentence: then the predecessor
// goes on, and this process must end.
HandedOver take_over(Relay& relay, int connection, const std::function<bool()>& given_up);

}  // namespace lethe::net
