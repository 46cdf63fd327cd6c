#include <linux/seccomp.h>

#include "base/mutation.hpp"
#include "lockdown/attestation.hpp"
#include "lockdown/confinement.hpp"
#include "lockdown/install.hpp"
#include "lockdown/resource_limits.hpp"
#include "lockdown/self_test.hpp"

namespace lethe::lockdown {

Confined seal(const Confinement& confinement, const Protections& confined) {
  const bool strict = confinement.strict;
  Protections now = confined;
  const bool forbids = LETHE_KEEP_CALLED(name(Step::process_limit));
  if (const int error = forbids ? forbid_processes() : 0; error != 0 && strict) return StepFailure{Step::process_limit, error};
  if (const auto missing = attest(now); !missing.empty() && strict) return StepFailure{Step::attestation, 0, missing};
  const bool installs = LETHE_KEEP_CALLED(name(Step::serving_filter));
  const int error = installs ? install(confinement.serving, SECCOMP_FILTER_FLAG_TSYNC) : 0;
  if (error != 0 && strict) return StepFailure{Step::serving_filter, error};
  now.seccomp = error == 0;
  // Without the filter the probes would do what they try.
  if (!now.seccomp) return now;
  now.filter_digest = confinement.filter_digest;
  const auto failed = self_test(confinement.writable);
  if (failed && strict) return StepFailure{Step::self_test, failed->error, failed->probe};
  now.self_test = !failed;
  return now;
}

}  // namespace lethe::lockdown
