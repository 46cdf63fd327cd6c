// Every session ends, by turns with a farewell and without, and what was recorded of it must not be readable any more.
#include "audit/workload/stages.hpp"

namespace lethe::audit {

void close_all(Play& play) {
  play.parting.clear();
  bool politely = false;
  for (Client& client : play.open) {
    politely = !politely;
    if (politely) {
      client.wire().close(1000, play.cast.topic());
      client.await("closed");
    } else {
      client.wire().tls().drop();
    }
  }
  play.open.clear();
  await_sessions(play, 0);
  play.cast.mark_keys();
}

}  // namespace lethe::audit
