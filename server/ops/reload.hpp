#pragma once
// A changed configuration, in a relay that runs: which of its options take effect, and which wait for a restart.
#include <functional>
#include <optional>
#include <vector>

#include "base/event_log.hpp"
#include "base/renewal.hpp"
#include "ops/option.hpp"

namespace lethe::ops {

struct Changes {
  Config config;                         // in effect from now on: `wanted` where an option reloads, else `now`
  std::vector<const Option*> reloaded;   // in the table's order, as the next
  std::vector<const Option*> waiting;
};

// Pure. Throws ConfigError where what would be in effect breaks a rule between options.
Changes changes(const Config& now, const Config& wanted);

class Reload {
 public:
  // `reread`: the configuration that a start would have now, or a ConfigError; empty where there is no file to read. `log` must
  // outlive this.
  Reload(Config now, std::function<Config()> reread, EventLog& log);

  struct Outcome {
    std::optional<Settings> settings;   // for the relay; its log then says settings_reloaded
    bool said = false;                  // something is new, or wrong
  };
  // Reads it again. Says in the log which options need a restart, or that the new configuration is no good, and then
  // everything stays as it was.
  Outcome again();

 private:
  Config now_;
  std::function<Config()> reread_;
  EventLog& log_;
};

}  // namespace lethe::ops
