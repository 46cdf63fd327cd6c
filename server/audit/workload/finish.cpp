#include "audit/workload/finish.hpp"

#include <csignal>

namespace lethe::audit {
namespace {

// Acknowledgements come in after the SIGTERM; a plain message that stays in flight keeps the relay there meanwhile.
void drain(Play& play, const std::function<void(Phase)>& hold) {
  Client sender = play.cast.enter(play.cast.device());
  const Device device = play.cast.device();
  Client reader = play.cast.connect(device);
  reader.acknowledging = Acknowledging::never;
  reader.authenticate();
  unsigned messages = 0;
  for (const std::size_t size : play.cast.sizes()) {
    sender.post(play.cast.mail(device, size));
    reader.await_deliveries(++messages);
  }
  const Device last = play.cast.device();
  Client keeper = play.cast.connect(last);
  keeper.acknowledging = Acknowledging::never;
  keeper.authenticate();
  sender.post(play.cast.plain_mail(last, 10));
  keeper.await_deliveries(1);

  play.relay.signal(SIGTERM);
  keeper.await("closing");
  reader.await("closing");
  reader.acknowledging = Acknowledging::together;
  reader.acknowledge();
  reader.await("closed");
  hold(Phase::drained);
  play.open.clear();
  sender.wire().tls().drop();
  keeper.acknowledging = Acknowledging::together;
  keeper.acknowledge();
  keeper.await("closed");
  play.relay.wait();
}

// In the arena, in flight and half received.
void leave_waiting(Play& play) {
  const Device away = play.cast.device();
  const Device silent = play.cast.device();
  Client sender = play.cast.enter(play.cast.device());
  Client& reader = play.keep(play.cast.connect(silent));
  reader.acknowledging = Acknowledging::never;
  reader.authenticate();
  unsigned in_flight = 0;
  for (const std::size_t size : play.cast.sizes()) {
    for (const Device* const to : {&away, &silent}) {
      const peer::Mail mail = play.cast.mail(*to, size);
      sender.post(mail);
      if (to == &silent) reader.await_deliveries(++in_flight);
      play.ledger.withdrawn(mail.id, to->address());
    }
  }
  const std::string half = play.cast.payload(9'000);
  sender.wire().frame(peer::Opcode::text, half, true, 2 * half.size());
  play.keep(std::move(sender));
}

void end_by(Play& play, int number, bool serving) {
  leave_waiting(play);
  if (serving) ::kill(play.relay.serving(), number);
  else play.relay.signal(number);
  play.open.clear();
  play.relay.wait();
}

}  // namespace

void finish(Play& play, const std::function<void(Phase)>& hold) {
  switch (play.scenario.ending) {
    case Ending::drain: return drain(play, hold);
    case Ending::terminate: return end_by(play, SIGTERM, false);
    case Ending::interrupt: return end_by(play, SIGINT, false);
    case Ending::kill: return end_by(play, SIGKILL, false);
    case Ending::kill_relay: return end_by(play, SIGKILL, true);
    case Ending::crash:
    case Ending::crash_piped: return end_by(play, SIGSEGV, true);
    case Ending::run_on: return;
  }
}

}  // namespace lethe::audit
