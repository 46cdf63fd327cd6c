#include "ops/reload.hpp"

#include "ops/config_error.hpp"
#include "ops/config_rules.hpp"
#include "ops/options.hpp"

namespace lethe::ops {

Changes changes(const Config& now, const Config& wanted) {
  Changes found{now, {}, {}};
  for (const Option& option : options()) {
    const Value value = option.get(wanted);
    if (value == option.get(now)) continue;
    (option.reloads ? found.reloaded : found.waiting).push_back(&option);
    if (option.reloads) option.set(found.config, value);
  }
  check_rules(found.config);
  return found;
}

Reload::Reload(Config now, std::function<Config()> reread, EventLog& log)
    : now_{std::move(now)}, reread_{std::move(reread)}, log_{log} {}

Reload::Outcome Reload::again() {
  if (!reread_) return {};
  std::optional<Changes> found;
  try {
    found = changes(now_, reread_());
  } catch (const ConfigError&) {
    // What it says may quote the file: --check-config tells it to who may read that.
  }
  if (!found) {
    log_.write(Severity::error, Event::settings_rejected);
    return {std::nullopt, true};
  }
  for (const Option* const option : found->waiting) {
    EventFields fields;
    fields.option = static_cast<std::uint32_t>(option - options().data());
    log_.write(Severity::warning, Event::needs_restart, fields);
  }
  now_ = std::move(found->config);
  if (found->reloaded.empty()) return {std::nullopt, !found->waiting.empty()};
  log_.set_least(now_.log.level);
  return {Settings{now_.limits, now_.log.level, found->reloaded.size()}, true};
}

}  // namespace lethe::ops
