#include "audit/report/write_reports.hpp"

#include "audit/report/checks.hpp"
#include "audit/report/digest.hpp"
#include "audit/report/evidence.hpp"
#include "audit/report/report_html.hpp"
#include "audit/report/report_json.hpp"
#include "audit/report/report_markdown.hpp"
#include "audit/report/sbom.hpp"

namespace lethe::audit {

void write_reports(const Report& report, const std::string& directory, ProgramFile program) {
  if (program.path.empty()) program.path = report.subject.program;
  const auto write = [&directory](const char* name, const std::string& text) { write_file(directory + "/" + name, text); };
  const auto json = report_json(report);
  write("report.json", json);
  write("report.html", report_html(report));
  write("report.md", report_markdown(report));
  write("junit.xml", junit_xml(report));
  write("attestation.json", attestation_json(report, digest_of(json)));
  write("sbom.cdx.json", sbom_json(report, program));
  write("SHA256SUMS", checksums_of(directory));
}

}  // namespace lethe::audit
