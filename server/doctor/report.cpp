#include "doctor/report.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>

#include "doctor/checks.hpp"

namespace lethe::doctor {
namespace {

constexpr std::size_t width = 80;
constexpr std::array severities{Severity::breaks_promise, Severity::warning, Severity::note, Severity::ok};

std::string_view name(Place place) noexcept {
  switch (place) {
    case Place::shell: return "shell";
    case Place::systemd: return "systemd";
    case Place::docker: return "docker";
    case Place::podman: return "podman";
    case Place::kubernetes: break;
  }
  return "kubernetes";
}

// The words in lines of at most `width` columns, each with the margin before it.
std::string wrapped(std::string_view text, std::size_t margin) {
  std::string result, line;
  const auto end_line = [&] {
    if (!line.empty()) result += std::string(margin, ' ') + line + "\n";
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    if (!line.empty() && margin + line.size() + 1 + word.size() > width) end_line();
    line += (line.empty() ? "" : " ") + std::string{word};
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  end_line();
  return result;
}

std::string paragraph(const Finding& finding) {
  std::string text = std::string{doctor::name(finding.severity)} + ": " + std::string{finding.check} + "\n" + wrapped(finding.what, 2) + wrapped(finding.why, 2);
  if (!finding.fix.empty()) text += wrapped("Fix (" + finding.where + "):", 2) + "      " + finding.fix + "\n";
  return text + "\n";
}

std::string counted(std::size_t number, const char* one, const char* more) { return std::to_string(number) + " " + (number == 1 ? one : more); }

std::size_t count(std::span<const Finding> findings, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
}

}  // namespace

std::string text_report(std::span<const Finding> findings, const Facts& facts) {
  std::string text;
  for (const Severity severity : severities) {
    if (severity == Severity::ok) continue;
    for (const Finding& finding : findings) {
      if (finding.severity == severity) text += paragraph(finding);
    }
  }
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::ok) text += wrapped("ok: " + std::string{finding.check} + ": " + finding.what, 0);
  }
  const std::string relay = facts.process.relay ? "the relay that runs, process " + std::to_string(*facts.process.relay) : std::string{"no relay that runs"};
  return text + "\n" +
         wrapped(counted(count(findings, Severity::breaks_promise), "finding breaks", "findings break") + " the promise, " +
                     counted(count(findings, Severity::warning), "warning", "warnings") + ", " + counted(count(findings, Severity::note), "note", "notes") + ", " +
                     std::to_string(count(findings, Severity::ok)) + " fine (" + std::string{name(facts.host.place)} + ", " + relay + ").", 0);
}

std::string json_report(std::span<const Finding> findings, const Facts& facts, const std::string& version) {
  nlohmann::ordered_json report{{"lethe", version}, {"place", name(facts.host.place)}, {"relay", nullptr}};
  if (facts.process.relay) report["relay"] = *facts.process.relay;
  const Severity severity = worst(findings);
  report["worst"] = doctor::name(severity);
  report["status"] = exit_status(severity);
  for (const Severity each : severities) report["counts"][std::string{doctor::name(each)}] = count(findings, each);
  report["findings"] = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    report["findings"].push_back({{"check", finding.check},
                                  {"severity", doctor::name(finding.severity)},
                                  {"what", finding.what},
                                  {"why", finding.why},
                                  {"where", finding.where},
                                  {"fix", finding.fix}});
  }
  return report.dump(2, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int exit_status(Severity worst) noexcept {
  if (worst == Severity::breaks_promise) return 2;
  return worst == Severity::warning ? 1 : 0;
}

}  // namespace lethe::doctor
