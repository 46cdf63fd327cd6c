#pragma once
// Which trials an audit consists of.
#include <string>
#include <vector>

#include "audit/audit_options.hpp"
#include "audit/audit_trial.hpp"

namespace lethe::audit {

// The trials of the real relay, «audit-1» and on. `launch`: its program, or empty where it runs already.
std::vector<TrialOrder> plan_trials(const AuditOptions& options, const Launch& launch, std::uint64_t seed, const std::string& directory,
                                    unsigned cores);

// What this way of running leaves out, whatever the outcome.
std::vector<NotChecked> left_out(const AuditOptions& options);

}  // namespace lethe::audit
