#include "audit/report/report_html.hpp"

#include <array>

#include "audit/report/embedded.hpp"
#include "audit/report/page_sections.hpp"

namespace lethe::audit {
namespace {

struct Section {
  std::string_view id;
  std::string_view title;
  void (*write)(Markup&, const Report&);
};

constexpr std::array<Section, 11> sections = {{
    {"subject", "What was audited", page::write_subject},
    {"claims", "What is claimed, and what was seen", page::write_claims},
    {"life", "The life of a message", page::write_life},
    {"findings", "What the probes found", page::write_findings},
    {"controls", "Planted leaks", page::write_controls},
    {"blind", "The blind trial", page::write_blind_trial},
    {"not-checked", "What was not checked, and why", page::write_not_checked},
    {"limits", "The limits of this claim", page::write_limits},
    {"clauses", "Clauses that this serves", page::write_clauses},
    {"repeat", "How to repeat it", page::write_repeating},
    {"files", "Files", page::write_files},
}};

void write_head(Markup& page, const Report& report) {
  page.open("head").line();
  page.lone("meta", {{"charset", "utf-8"}}).line();
  page.lone("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", "default-src 'none'; style-src 'unsafe-inline'"}}).line();
  page.lone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}).line();
  page.lone("meta", {{"name", "color-scheme"}, {"content", "light dark"}}).line();
  page.element("title", "Lethe retention audit: " + std::string{name(report.verdict)}).line();
  page.open("style").verbatim(embedded::stylesheet).close().line();
  page.close().line();
}

void write_contents(Markup& page) {
  page.open("nav", {{"class", "contents"}, {"aria-label", "Contents"}}).open("ol");
  for (const auto& section : sections) {
    const std::string target = "#" + std::string{section.id};
    page.open("li").element("a", {{"href", target}}, section.title).close();
  }
  page.close().close().line();
}

void write_section(Markup& page, const Section& section, std::size_t number, const Report& report) {
  const std::string heading = "heading-" + std::string{section.id};
  page.open("section", {{"id", section.id}, {"aria-labelledby", heading}});
  page.open("h2", {{"id", heading}}).element("span", {{"class", "number"}}, std::to_string(number)).text(" ");
  page.text(section.title).close().line();
  section.write(page, report);
  page.close().line();
}

}  // namespace

std::string report_html(const Report& report) {
  Markup page;
  page.verbatim("<!DOCTYPE html>\n");
  page.open("html", {{"lang", "en"}, {"data-verdict", name(report.verdict)}}).line();
  write_head(page, report);
  page.open("body").line();
  page::write_sprite(page);
  page::write_verdict(page, report);
  write_contents(page);
  page.open("main").line();
  std::size_t number = 0;
  for (const auto& section : sections) write_section(page, section, ++number, report);
  page.close().line();
  return page.close().close().line().take();
}

}  // namespace lethe::audit
