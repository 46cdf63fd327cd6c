#include "audit/report/explain.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "audit/report/control_marks.hpp"
#include "audit/report/digest.hpp"
#include "audit/report/looks.hpp"
#include "audit/report/markup.hpp"
#include "audit/report/protections.hpp"
#include "audit/report/report_json.hpp"
#include "audit/report/report_words.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit {
namespace {

constexpr std::size_t columns = 100;
constexpr std::size_t most_reasons = 8;
constexpr std::size_t most_not_checked = 5;

// Where the last character that still fits begins; a character of UTF-8 is one column.
std::size_t fitting(std::string_view text, std::size_t room) {
  std::size_t used = 0;
  for (std::size_t place = 0; place < text.size(); ++place) {
    const bool begins = (static_cast<unsigned char>(text[place]) & 0xC0) != 0x80;
    if (begins && ++used > room) return place;
  }
  return text.size();
}

// A paragraph, with `first` before its first line and blanks before the others.
void wrap(std::ostream& out, std::string_view first, std::string_view raw) {
  const auto cleaned = one_line(raw);
  std::string_view text = cleaned;
  const std::string rest(first.size(), ' ');
  for (std::string_view lead = first; !text.empty(); lead = rest) {
    auto length = fitting(text, columns - first.size());
    const auto blank = text.rfind(' ', length);
    if (length < text.size() && blank != std::string_view::npos && blank > 0) length = blank;
    out << lead << text.substr(0, length) << '\n';
    text.remove_prefix(length);
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
  }
}

void tell_more(std::ostream& out, std::size_t shown, std::size_t all) {
  if (all > shown) out << "  … and " << grouped(all - shown) << " more\n";
}

void tell_verdict(std::ostream& out, const Report& report) {
  out << name(report.verdict) << "  retention audit of " << one_line(report.began) << (report.full ? ", full" : ", short") << '\n';
  wrap(out, "", meaning_of(report.verdict));
  const auto shown = std::min(report.reasons.size(), most_reasons);
  for (std::size_t index = 0; index < shown; ++index) wrap(out, "  - ", report.reasons[index]);
  tell_more(out, shown, report.reasons.size());
}

void tell_subject(std::ostream& out, const Report& report) {
  const auto& subject = report.subject;
  out << "\nAudited\n";
  wrap(out, "  program  ", subject.program + " (" + subject.version + ")");
  wrap(out, "  sha256   ", subject.sha256.empty() ? "not known" : subject.sha256);
  wrap(out, "  kernel   ", subject.kernel);
  wrap(out, "  filter   ", subject.filter_sha256.empty() ? "none" : subject.filter_sha256);
  wrap(out, "  seed     ", report.seed);
  wrap(out, "  note     ", shortcomings_of(subject.well_known));
}

void tell_probe(std::ostream& out, const Report& report, ProbeId probe) {
  const auto looks = looks_of(report, probe);
  std::string text = counted(looks.taken(), "look") + ", " + counted(looks.of(Kind::detection), "detection");
  if (looks.of(Kind::missing) > 0) text += ", " + counted(looks.of(Kind::missing), "time") + " blind";
  if (looks.of(Kind::not_armed) > 0) text += ", " + counted(looks.of(Kind::not_armed), "time") + " not armed";
  auto lead = "  " + std::string{label(probe)} + " " + std::string{name(probe)};
  lead.resize(16, ' ');
  wrap(out, lead, text);
}

void tell_what_was_checked(std::ostream& out, const Report& report) {
  const auto marks = marks_of(report);
  out << "\nLooked at, in " << counted(report.trials.size(), "trial") << '\n';
  for (std::size_t probe = 0; probe < probe_count; ++probe) tell_probe(out, report, static_cast<ProbeId>(probe));
  wrap(out, "  planted leaks ", grouped(marks.proved) + " of " + grouped(marks.run) + " seen, " + grouped(marks.prevented) + " of " +
                                    grouped(marks.preventable) + " prevented");
  wrap(out, "  blind trial   ", report.blind ? counted(report.blind->runs(), "run") + ", " + grouped(report.blind->missed) +
                                                   " missed, " + counted(report.blind->false_alarms, "false alarm")
                                             : std::string{"not run"});
}

void tell_what_was_not(std::ostream& out, const Report& report) {
  out << "\nNot checked\n";
  const auto shown = std::min(report.not_checked.size(), most_not_checked);
  for (std::size_t index = 0; index < shown; ++index) {
    wrap(out, "  - ", report.not_checked[index].what + ": " + report.not_checked[index].why);
  }
  tell_more(out, shown, report.not_checked.size());
  wrap(out, "  - ", "Root that acts on the process (ptrace, BPF, a kernel module), the hypervisor, a snapshot of the memory: no claim");
}

}  // namespace

int explain(const std::string& path, std::ostream& out) {
  std::error_code none;
  const auto file = std::filesystem::is_directory(path, none) ? path + "/report.json" : path;
  std::string text;
  try {
    text = read_file(file);
  } catch (const std::runtime_error&) {
    out << "can't read " << one_line(file) << '\n';
    return 1;
  }
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded() || !schema_problems(json).empty()) {
    out << one_line(file) << " is no report of this version\n";
    return 1;
  }
  const StoredReport stored{json};
  tell_verdict(out, stored.report());
  tell_subject(out, stored.report());
  tell_what_was_checked(out, stored.report());
  tell_what_was_not(out, stored.report());
  out << "\nWhat to do\n";
  wrap(out, "  ", next_step_of(stored.report().verdict));
  wrap(out, "  ", "The whole of it, with every finding: report.html beside report.json.");
  return 0;
}

}  // namespace lethe::audit
