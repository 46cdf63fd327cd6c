#pragma once
// Clients that bring a relay through the phases of a scenario, over real TLS sessions.
#include <functional>
#include <string>
#include <vector>

#include "audit/workload/cast.hpp"
#include "audit/workload/ledger.hpp"
#include "audit/workload/play.hpp"
#include "audit/workload/scenario.hpp"

namespace lethe::audit {

class Workload {
 public:
  Workload(const Scenario& scenario, Canaries& canaries, RelayProcess& relay);

  // Calls `hold` at each phase, in order, while the relay stays there: `started`, `queued`, the scenario's stages, the end. Throws
  // std::runtime_error where the relay does something else than the protocol says, Interrupted when the auditor is told to stop.
  void run(const std::function<void(Phase)>& hold);

  const Ledger& ledger() const noexcept { return ledger_; }
  const std::string& well_known() const noexcept { return cast_.well_known(); }

 private:
  const Scenario& scenario_;
  RelayProcess& relay_;
  Ledger ledger_;
  Cast cast_;
};

}  // namespace lethe::audit
