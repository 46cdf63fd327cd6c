#pragma once
// An audit from beginning to end.
#include "audit/audit_options.hpp"
#include "audit/audit_screen.hpp"
#include "audit/report/report.hpp"

namespace lethe::audit {

// Enters namespaces of its own, runs the trials, the controls and, of a full audit, the blind trial, judges, and writes the report
// below options.report. Throws std::runtime_error where there is nothing to be audited, Interrupted when it is told to stop; either
// way everything that it set up is gone then. Once in a process, while it has one thread.
Report run_audit(const AuditOptions& options, AuditScreen& screen);

}  // namespace lethe::audit
