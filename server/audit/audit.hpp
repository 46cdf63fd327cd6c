#pragma once
// An audit from beginning to end.
#include "audit/audit_options.hpp"
#include "audit/audit_screen.hpp"
#include "audit/report/report.hpp"
#include "audit/stage/namespaces.hpp"

namespace lethe::audit {

// Runs the trials, the controls and, of a full audit, the blind trial, judges, and writes the report below options.report. `work`: a
// directory on a tmpfs. Throws std::runtime_error where there is nothing to be audited, Interrupted when it is told to stop; either
// way everything that it set up is gone then. In the namespaces that it is to run in, while there is one thread.
Report run_audit(const AuditOptions& options, const Namespaces& namespaces, const std::string& work, AuditScreen& screen);

}  // namespace lethe::audit
