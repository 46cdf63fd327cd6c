#include "audit/report/page_sections.hpp"
#include "audit/report/protections.hpp"
#include "audit/report/report_words.hpp"

namespace lethe::audit::page {
namespace {

void entry(Markup& page, std::string_view what, std::string_view value, std::string_view absent) {
  page.open("div").element("dt", what);
  if (value.empty()) {
    page.element("dd", {{"class", "absent"}}, absent);
  } else {
    page.open("dd").element("code", value).close();
  }
  page.close();
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

void write_protections(Markup& page, const Report& report) {
  const auto protections = protections_of(report.subject.well_known);
  if (protections.empty()) return;
  page.element("h3", "What the relay says of itself").open("ul", {{"class", "protections"}});
  for (const auto& [name, in_force] : protections) {
    page.open("li");
    mark(page, in_force ? "clean" : "not-armed", in_force ? "in force" : "not in force");
    page.text(" ").text(name).close();
  }
  page.close().line();
}

}  // namespace

void write_subject(Markup& page, const Report& report) {
  const auto& subject = report.subject;
  page.open("dl", {{"class", "subject"}});
  entry(page, "Program", subject.program, "not named");
  entry(page, "SHA-256 of the binary", subject.sha256, "not known: the evidence is bound to no binary");
  entry(page, "Version", subject.version, "not known");
  entry(page, "Flags", joined(subject.flags), "none");
  entry(page, "Kernel", subject.kernel, "not known");
  entry(page, "SHA-256 of the live seccomp filter", subject.filter_sha256, "there was no filter");
  entry(page, "Landlock ABI of the kernel", subject.landlock_abi == 0 ? "" : std::to_string(subject.landlock_abi), "none");
  entry(page, "Auditor", report.auditor, "not recorded");
  entry(page, "Seed", report.seed, "not recorded");
  page.close().line();
  write_protections(page, report);
  if (subject.well_known.empty()) return;
  page.open("details").element("summary", "The page /.well-known/lethe as it was served");
  page.element("pre", subject.well_known).close().line();
}

}  // namespace lethe::audit::page
