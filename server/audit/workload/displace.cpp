// Each waiting message gives way to a later one of its topic, without canaries, which is then collected.
#include "audit/workload/stages.hpp"

namespace lethe::audit {

void displace(Play& play) {
  const Device away = play.cast.device();
  Client& sender = play.keep(play.cast.enter(play.cast.device()));
  unsigned topics = 0;
  for (const std::size_t size : play.cast.sizes()) {
    peer::Mail earlier = play.cast.mail(away, size);
    earlier.topic = play.cast.topic();
    earlier.receipt = true;
    sender.post(earlier);
    peer::Mail later = play.cast.plain_mail(away, 20);
    later.topic = earlier.topic;
    sender.post(later);
    play.ledger.withdrawn(earlier.id, away.address());
    ++topics;
  }
  sender.await_receipts(topics);
  sender.settle();
  Client& reader = play.keep(play.cast.enter(away));
  reader.await_deliveries(topics);
  reader.settle();
}

}  // namespace lethe::audit
