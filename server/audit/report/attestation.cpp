#include <nlohmann/json.hpp>

#include "audit/report/checks.hpp"
#include "audit/report/report_json.hpp"

namespace lethe::audit {
namespace {

using Json = nlohmann::ordered_json;

// A ResourceDescriptor's or subject's digest; one that isn't known is left out, for the form has no word for it.
Json digest_set(const std::string& sha256) { return sha256.empty() ? Json::object() : Json{{"sha256", sha256}}; }

Json configuration_of(const Report& report, const std::string& report_sha256) {
  return {{"name", "report.json"},
          {"mediaType", "application/json"},
          {"digest", digest_set(report_sha256)},
          {"annotations",
           {{"format", report_format},
            {"verdict", name(report.verdict)},
            {"seed", report.seed},
            {"full", report.full},
            {"flags", report.subject.flags},
            {"kernel", report.subject.kernel},
            {"filterSha256", report.subject.filter_sha256},
            {"landlockAbi", report.subject.landlock_abi},
            {"began", report.began}}}};
}

}  // namespace

std::string_view attested(Verdict verdict) noexcept { return verdict == Verdict::pass ? "PASSED" : "FAILED"; }

std::string attestation_json(const Report& report, const std::string& report_sha256) {
  Json passed = Json::array();
  Json failed = Json::array();
  for (const auto& check : checks_of(report)) {
    (check.outcome == Outcome::passed ? passed : failed).push_back(check.suite + "/" + check.name);
  }
  const Json statement = {
      {"_type", "https://in-toto.io/Statement/v1"},
      {"subject", Json::array({{{"name", report.subject.program}, {"digest", digest_set(report.subject.sha256)}}})},
      {"predicateType", "https://in-toto.io/attestation/test-result/v0.1"},
      {"predicate",
       {{"result", attested(report.verdict)},
        {"configuration", Json::array({configuration_of(report, report_sha256)})},
        {"passedTests", passed},
        {"warnedTests", Json::array()},
        {"failedTests", failed}}},
  };
  return statement.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lethe::audit
