// The devices come and take what waits for them, then what is sent to them while they are there: acknowledged one at a time or
// several together, and the receipts by their senders. Every session stays.
#include "audit/workload/stages.hpp"

namespace lethe::audit {
namespace {

// From a sender to a device that is there: to be delivered, acknowledged and overwritten at once.
void converse(Play& play, Client& sender, Client& recipient, unsigned had) {
  for (const std::size_t size : play.cast.sizes()) {
    peer::Mail mail = play.cast.mail(*recipient.device(), size);
    if (size == 24) mail.ttl = 0;
    sender.post(mail);
    recipient.await_deliveries(++had);
    recipient.settle();
  }
}

void write_to_oneself(Play& play, Client& sender) {
  for (const std::size_t size : {std::size_t{100}, std::size_t{9'000}}) sender.post(play.cast.mail(*sender.device(), size));
  sender.await_deliveries(2);
  sender.settle();
}

}  // namespace

void collect(Play& play) {
  unsigned number = 0;
  for (const Backlog& backlog : play.backlogs) {
    const auto encoding = number % 2 == 0 ? play.scenario.encoding : play.cast.other_encoding();
    Client& recipient = play.keep(play.cast.connect(backlog.device, encoding));
    recipient.acknowledging = number % 2 == 0 ? Acknowledging::together : Acknowledging::singly;
    recipient.authenticate();
    recipient.await_deliveries(backlog.messages);
    recipient.settle();
    if (number < 2) converse(play, play.open[number], recipient, backlog.messages);
    ++number;
  }
  play.backlogs.clear();
  if (play.scenario.soak > 0) soak(play);
  for (std::size_t sender = 0; sender < play.receipts.size(); ++sender) {
    play.open[sender].await_receipts(play.receipts[sender]);
    play.open[sender].settle();
  }
  play.receipts.clear();
  for (Client& dawdler : play.dawdlers) {
    dawdler.await_deliveries(dawdled);
    dawdler.acknowledging = Acknowledging::together;
    dawdler.settle();
    play.keep(std::move(dawdler));
  }
  play.dawdlers.clear();
  write_to_oneself(play, play.open.front());
}

}  // namespace lethe::audit
