// A device has messages in flight when a newer session of it takes over, gets them again and acknowledges them.
#include "audit/workload/stages.hpp"

namespace lethe::audit {

void take_over(Play& play) {
  const Device device = play.cast.device();
  Client sender = play.cast.enter(play.cast.device());
  Client older = play.cast.connect(device);
  older.acknowledging = Acknowledging::never;
  older.authenticate();
  unsigned messages = 0;
  for (const std::size_t size : play.cast.sizes()) {
    sender.post(play.cast.mail(device, size));
    older.await_deliveries(++messages);
  }
  Client newer = play.cast.enter(device, play.cast.other_encoding());
  newer.await_deliveries(messages);
  newer.settle();
  older.await("closed");
  play.keep(std::move(sender));
  play.keep(std::move(newer));
}

}  // namespace lethe::audit
