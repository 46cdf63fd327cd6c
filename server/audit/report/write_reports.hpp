#pragma once
#include <string>

#include "audit/report/report.hpp"
#include "audit/report/shared_libraries.hpp"

namespace lethe::audit {

// Writes into `directory`, which exists and may hold raw evidence, what an auditor files:
//   report.json       the report, exactly (docs/retention-report.schema.json)
//   report.html       for people, one file without scripts or outside resources
//   report.md         the same, shorter
//   junit.xml         for test runners: red unless the verdict is PASS
//   attestation.json  in-toto Statement v1, test-result v0.1; not signed
//   sbom.cdx.json     CycloneDX 1.5
//   SHA256SUMS        digests of every file below the directory but itself, for sha256sum -c
// `report` has been judged, and its `evidence` collected (evidence.hpp). `program` is where the audited binary can be read; by
// default `report.subject.program` taken as a path. Throws std::runtime_error where a file can't be read or written.
void write_reports(const Report& report, const std::string& directory, ProgramFile program = {});

}  // namespace lethe::audit
