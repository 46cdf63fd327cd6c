#pragma once
// A report as a list of checks that pass or not: what junit.xml and attestation.json are made from.
#include <string>
#include <vector>

#include "audit/report/report.hpp"

namespace lethe::audit {

enum class Outcome : std::uint8_t { passed, failed, undecided };

struct Check {
  std::string suite;      // a trial's id, «controls», «blind-trial» or «verdict»
  std::string name;       // «P3 memory»; unique within its suite
  Outcome outcome = Outcome::passed;
  std::string message;    // why it did not pass, a line for each reason
};

// For each trial each detector that reported, and the delivery; for each control that it was seen and, unless it is
// resident, that it was prevented; the blind trial; last the verdict itself: so none but a PASS has every check passed.
std::vector<Check> checks_of(const Report& report);

// junit.xml: failed as <failure>, undecided as <error>; the verdict as a property of the suite «verdict».
std::string junit_xml(const Report& report);

// attestation.json: an in-toto Statement v1 with the test-result predicate v0.1. That predicate knows PASSED, WARNED and
// FAILED; an INCONCLUSIVE audit is FAILED there, and so are undecided checks, for whoever asks for PASSED or takes
// WARNED for good enough must not take it. The verdict itself stands in the annotations. It is not signed.
std::string attestation_json(const Report& report, const std::string& report_sha256);
std::string_view attested(Verdict verdict) noexcept;   // PASSED or FAILED

}  // namespace lethe::audit
