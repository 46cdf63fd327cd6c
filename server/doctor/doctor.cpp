#include "doctor/doctor.hpp"

#include <cstdio>

#include "doctor/checks.hpp"
#include "doctor/gather.hpp"
#include "doctor/report.hpp"
#include "net/openssl_memory.hpp"
#include "ops/version.hpp"

namespace lethe::doctor {

int tell(const ops::DoctorQuestion& asked) {
  (void)net::wipe_openssl_memory();   // the key is read
  const Facts facts = gather(asked.config, asked.file);
  const std::vector<Finding> findings = examine(asked.config, facts);
  const std::string report = asked.json ? json_report(findings, facts, std::string{ops::version()}) : text_report(findings, facts);
  std::fputs(report.c_str(), stdout);
  return exit_status(worst(findings));
}

Unfit look_at_host(const ops::Config& config) {
  Unfit unfit;
  for (const Finding& finding : examine(config, gather(config, std::nullopt))) {
    if (finding.severity != Severity::breaks_promise) continue;
    if (++unfit.count > 1) continue;
    unfit.sentence = std::string{finding.check} + ": " + finding.what + " " + finding.why;
    if (!finding.fix.empty()) unfit.sentence += " Fix (" + finding.where + "): " + finding.fix + ";";
    unfit.sentence += " lethe --doctor says more, and --host_check warn starts all the same";
  }
  return unfit;
}

}  // namespace lethe::doctor
