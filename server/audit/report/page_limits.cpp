#include "audit/report/page_sections.hpp"
#include "audit/report/report_words.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit::page {

void write_not_checked(Markup& page, const Report& report) {
  if (report.not_checked.empty()) {
    paragraph(page, "The audit named nothing beyond the limits of the next section.");
    return;
  }
  begin_table(page, "plain", "What this audit did not check");
  column_headings(page, {"What", "Why"});
  page.open("tbody").line();
  for (const auto& item : report.not_checked) {
    page.open("tr").element("th", {{"scope", "row"}}, item.what).element("td", item.why).close().line();
  }
  page.close();
  end_table(page);
}

void write_limits(Markup& page, const Report&) {
  begin_table(page, "plain levels", "What the promise holds, by whom it is held against");
  column_headings(page, {"Level", "Opponent", "What holds"});
  page.open("tbody").line();
  for (const auto& level : levels()) {
    page.open("tr").element("th", {{"scope", "row"}}, level.name).element("td", level.opponent).element("td", level.holds).close().line();
  }
  page.close();
  end_table(page);
  page.open("ul", {{"class", "limits"}});
  for (const auto limit : limits_of_the_claim()) page.element("li", limit);
  page.close().line();
}

void write_clauses(Markup& page, const Report&) {
  paragraph(page, "This report is evidence for those who judge these. It is not their judgement.");
  begin_table(page, "plain", "Clauses, and the evidence above that serves them");
  column_headings(page, {"Clause", "What it asks", "Served by"});
  page.open("tbody").line();
  for (const auto& clause : clauses()) {
    page.open("tr").element("th", {{"scope", "row"}}, clause.clause).element("td", clause.asks).element("td", clause.served_by).close().line();
  }
  page.close();
  end_table(page);
}

void write_repeating(Markup& page, const Report& report) {
  if (report.command.empty()) {
    page.open("p").text("The command was not recorded. The seed was ").element("code", report.seed).text(".").close().line();
  } else {
    page.open("p").text("With the same binary, as root, on the auditor's own host. The seed is ").element("code", report.seed);
    page.text(": it makes the same canaries.").close().line();
    page.element("pre", report.command).line();
  }
  page.open("p").text("That these files are whole and agree with one another, in their directory: ");
  page.element("code", "sha256sum --check SHA256SUMS").text(", or ").element("code", "lethe-audit verify .").text(".").close().line();
}

void write_files(Markup& page, const Report& report) {
  paragraph(page, "Beside this page: report.json (all of it, for programs), report.md, junit.xml, attestation.json (in-toto test result), "
                  "sbom.cdx.json (CycloneDX), and SHA256SUMS with the digest of every file.");
  if (report.evidence.empty()) {
    paragraph(page, "There is no raw evidence.");
    return;
  }
  begin_table(page, "plain files", "Raw evidence");
  column_headings(page, {"File", "Bytes", "SHA-256"});
  page.open("tbody").line();
  for (const auto& file : report.evidence) {
    page.open("tr").open("th", {{"scope", "row"}}).element("code", file.path).close();
    page.element("td", {{"class", "amount"}}, grouped(file.bytes)).open("td", {{"class", "digest"}}).element("code", file.sha256).close();
    page.close().line();
  }
  page.close();
  end_table(page);
}

}  // namespace lethe::audit::page
