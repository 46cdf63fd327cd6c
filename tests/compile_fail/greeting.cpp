// A greeting consumes itself: a nonce is good for one try.
#include <utility>
#include <vector>

#include "session/greeting.hpp"

void use(lethe::session::Greeting& greeting, const lethe::wire::Auth& auth, lethe::Instant now) {
#if BAD == 1
  greeting.authenticate(auth, now);
#else
  std::move(greeting).authenticate(auth, now);
#endif
}
