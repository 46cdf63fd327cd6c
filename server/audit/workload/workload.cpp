#include "audit/workload/workload.hpp"

#include <csignal>

#include "audit/stage/interrupt.hpp"
#include "audit/workload/finish.hpp"
#include "audit/workload/stages.hpp"

namespace lethe::audit {
namespace {

using Stage = void (*)(Play&);

Stage stage_of(Phase phase) {
  switch (phase) {
    case Phase::acknowledged: return collect;
    case Phase::closed: return close_all;
    case Phase::expired: return expire;
    case Phase::displaced: return displace;
    case Phase::recalled: return recall;
    case Phase::refused: return be_refused;
    case Phase::oversized: return send_too_much;
    case Phase::malformed: return send_malformed;
    case Phase::cut_off: return cut_off;
    case Phase::taken_over: return take_over;
    default: return nullptr;
  }
}

}  // namespace

Workload::Workload(const Scenario& scenario, Canaries& canaries, RelayProcess& relay)
    : scenario_{scenario}, relay_{relay}, cast_{scenario, canaries, ledger_, relay.port()} {
  std::signal(SIGPIPE, SIG_IGN);   // the relay hangs up on some of what is sent
}

void Workload::run(const std::function<void(Phase)>& hold) {
  Play play{scenario_, relay_, cast_, ledger_};
  const auto hold_at = [&](Phase phase) {
    check_interrupt();
    hold(phase);
  };
  hold_at(Phase::started);
  queue_up(play);
  hold_at(Phase::queued);
  for (const Phase phase : scenario_.stages) {
    if (const Stage stage = stage_of(phase)) {
      stage(play);
      hold_at(phase);
    }
  }
  finish(play, hold_at);
  if (scenario_.ending != Ending::run_on) hold_at(Phase::stopped);
}

}  // namespace lethe::audit
