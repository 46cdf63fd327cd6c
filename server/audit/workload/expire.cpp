// Messages outlive their ttl, some waiting and some in flight to a device that never acknowledges. The sender's receipts say when.
#include "audit/workload/stages.hpp"

namespace lethe::audit {

void expire(Play& play) {
  const Device away = play.cast.device();
  const Device silent = play.cast.device();
  Client& reader = play.keep(play.cast.connect(silent, play.cast.other_encoding()));
  reader.acknowledging = Acknowledging::never;
  reader.authenticate();
  reader.await("caught_up");
  Client& sender = play.keep(play.cast.enter(play.cast.device()));
  unsigned in_flight = 0;
  unsigned receipts = 0;
  for (const std::size_t size : play.cast.sizes()) {
    for (const Device* const to : {&away, &silent}) {
      peer::Mail mail = play.cast.mail(*to, size);
      mail.receipt = true;
      mail.ttl = 2;
      sender.post(mail);
      ++receipts;
      if (to == &silent) reader.await_deliveries(++in_flight);
      play.ledger.withdrawn(mail.id, to->address());
    }
  }
  sender.await_receipts(receipts);
  sender.settle();
}

}  // namespace lethe::audit
