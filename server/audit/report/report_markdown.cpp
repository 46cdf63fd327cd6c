#include "audit/report/report_markdown.hpp"

#include <initializer_list>

#include "audit/report/control_marks.hpp"
#include "audit/report/looks.hpp"
#include "audit/report/markup.hpp"
#include "audit/report/protections.hpp"
#include "audit/report/report_words.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit {
namespace {

// Whether text could begin a list, a heading or a line of a table's underlining there («- », «+ », «= », «1. »).
bool begins_block(std::string_view text, std::size_t place) {
  const auto digits = text.find_first_not_of("0123456789");
  if (place == 0) return std::string_view{"-+="}.find(text.front()) != std::string_view::npos;
  return place == digits && (text[place] == '.' || text[place] == ')');
}

// Whether GitHub would make a link of what stands there: «://», «www.».
bool begins_link(std::string_view text, std::size_t place) {
  const auto before = text.substr(0, place);
  return text.substr(place, 3) == "://" || (text[place] == '.' && before.size() >= 3 && before.substr(place - 3) == "www");
}

// On one line, with a backslash before each character that could begin markup (CommonMark 2.4, GFM 4.10 and 6.9).
std::string plain(std::string_view raw) {
  constexpr std::string_view special = "\\`*_[]<>#|~&@";
  const auto text = one_line(raw);
  std::string out;
  for (std::size_t place = 0; place < text.size(); ++place) {
    const bool escaped = special.find(text[place]) != std::string_view::npos || begins_block(text, place) || begins_link(text, place);
    if (escaped) out += '\\';
    out += text[place];
  }
  return out;
}

void row(std::string& out, std::initializer_list<std::string> cells) {
  out += '|';
  for (const auto& cell : cells) out += " " + cell + " |";
  out += '\n';
}

void head(std::string& out, std::initializer_list<std::string> cells) {
  row(out, cells);
  out += '|';
  for (std::size_t index = 0; index < cells.size(); ++index) out += "---|";
  out += '\n';
}

void write_subject(std::string& out, const Report& report) {
  const auto& subject = report.subject;
  out += "\n## What was audited\n\n";
  head(out, {"", ""});
  const auto entry = [&out](std::string what, std::string_view value) { row(out, {std::move(what), value.empty() ? "not known" : plain(value)}); };
  entry("Program", subject.program);
  entry("SHA-256 of the binary", subject.sha256);
  entry("Version", subject.version);
  entry("Kernel", subject.kernel);
  entry("SHA-256 of the live filter", subject.filter_sha256);
  entry("Auditor", report.auditor);
  entry("Seed", report.seed);
  entry("Began", report.began);
}

void write_probes(std::string& out, const Report& report) {
  out += "\n## What was seen\n\n";
  head(out, {"Probe", "Claim", "Looks", "Detections", "Blind or not armed"});
  for (const auto& claim : claims()) {
    const auto looks = looks_of(report, claim.probe);
    row(out, {std::string{label(claim.probe)}, plain(claim.claim), grouped(looks.taken()), grouped(looks.of(Kind::detection)),
              grouped(looks.of(Kind::missing) + looks.of(Kind::not_armed))});
  }
  for (const auto& trial : report.trials) {
    for (const auto& finding : trial.findings) {
      const bool good = finding.kind == Kind::clean || finding.kind == Kind::expected;
      if (!good) out += "\n- **" + plain(words(finding.kind)) + "**: " + plain(sentence_of(trial, finding));
    }
  }
  out += '\n';
}

void write_controls(std::string& out, const Report& report) {
  out += "\n## Planted leaks\n\n";
  if (report.controls.empty()) {
    out += "None was tried.\n";
    return;
  }
  head(out, {"Leak", "Leaked", "Must be seen by", "Seen by", "Prevented"});
  for (const auto& result : report.controls) {
    const auto* const prevented = result.control->resident ? "stays inside" : prevention_untried(result) ? "**not shown**" : escaped(result) ? "**no**" : "yes";
    row(out, {plain(result.control->id), result.leaked ? "yes" : "**no**", plain(listed(result.control->expected)),
              (proved(result) ? "" : "**not all:** ") + plain(listed(result.seen_by)), prevented});
  }
}

void write_blind_trial(std::string& out, const Report& report) {
  out += "\n## Blind trial\n\n";
  if (!report.blind) {
    out += "It was not run.\n";
    return;
  }
  const auto& blind = *report.blind;
  head(out, {"", "Detected", "Not detected"});
  row(out, {"Leaky", grouped(blind.caught), grouped(blind.missed)});
  row(out, {"Clean", grouped(blind.false_alarms), grouped(blind.cleared)});
}

void write_limits(std::string& out, const Report& report) {
  out += "\n## What was not checked\n\n";
  for (const auto& item : report.not_checked) out += "- " + plain(item.what) + ": " + plain(item.why) + "\n";
  if (report.not_checked.empty()) out += "Nothing beyond the limits below.\n";
  out += "\n## Limits of the claim\n\n";
  head(out, {"Level", "Opponent", "What holds"});
  for (const auto& level : levels()) row(out, {plain(level.name), plain(level.opponent), plain(level.holds)});
  out += '\n';
  for (const auto limit : limits_of_the_claim()) out += "- " + plain(limit) + "\n";
}

}  // namespace

std::string report_markdown(const Report& report) {
  std::string out = "# Retention audit: " + std::string{name(report.verdict)} + "\n\n";
  out += plain(meaning_of(report.verdict)) + "\n\n";
  for (const auto& reason : report.reasons) out += "- " + plain(reason) + "\n";
  if (const auto shortcomings = shortcomings_of(report.subject.well_known); !shortcomings.empty()) {
    out += "\n**" + plain(shortcomings) + "**\n";
  }
  out += "\n**What to do:** " + plain(next_step_of(report.verdict)) + "\n";
  write_subject(out, report);
  write_probes(out, report);
  write_controls(out, report);
  write_blind_trial(out, report);
  write_limits(out, report);
  out += "\nThe whole report: report.html for people, report.json for programs.\n";
  return out;
}

}  // namespace lethe::audit
