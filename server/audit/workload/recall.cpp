// The sender takes back what still waits.
#include <stdexcept>

#include "audit/workload/stages.hpp"

namespace lethe::audit {

void recall(Play& play) {
  const Device away = play.cast.device();
  for (const auto encoding : {play.scenario.encoding, play.cast.other_encoding()}) {
    Client& sender = play.keep(play.cast.enter(play.cast.device(), encoding));
    std::vector<MessageId> waiting;
    for (const std::size_t size : play.cast.sizes()) {
      const peer::Mail mail = play.cast.mail(away, size);
      sender.post(mail);
      waiting.push_back(mail.id);
    }
    for (const MessageId& id : waiting) {
      sender.wire().recall(id, away.address());
      if (sender.await("recalled").text("status") != "wiped") throw std::runtime_error{"a waiting message was not recalled"};
      play.ledger.withdrawn(id, away.address());
    }
    sender.settle();
  }
}

}  // namespace lethe::audit
