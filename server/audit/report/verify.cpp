#include "audit/report/verify.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <ostream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "audit/report/checks.hpp"
#include "audit/report/digest.hpp"
#include "audit/report/evidence.hpp"
#include "audit/report/markup.hpp"
#include "audit/report/report_json.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit {
namespace {

using Json = nlohmann::json;
using Problems = std::vector<std::string>;
using Digests = std::map<std::string, std::string>;   // by path, as found now

// Absent: it can't be read.
std::optional<std::string> text_of(const std::string& path) {
  try {
    return read_file(path);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

Digests digests_below(const std::string& directory, Problems& problems) {
  Digests digests;
  for (const auto& path : files_below(directory)) {
    try {
      digests[path] = digest_of_file(directory + "/" + path);
    } catch (const std::runtime_error&) {
      problems.push_back(path + ": can't be read");
    }
  }
  return digests;
}

void check_sums(const std::string& directory, const Digests& digests, Problems& problems) {
  const auto text = text_of(directory + "/SHA256SUMS");
  const auto sums = text ? parse_checksums(*text) : std::nullopt;
  if (!sums) {
    problems.push_back("SHA256SUMS: missing, or not as sha256sum writes it");
    return;
  }
  Digests unlisted = digests;
  std::erase_if(unlisted, [](const auto& file) { return stands_outside_the_sums(file.first); });
  for (const auto& sum : *sums) {
    const auto found = digests.find(sum.path);
    if (found == digests.end()) {
      problems.push_back(sum.path + ": listed in SHA256SUMS, but missing");
    } else if (found->second != sum.sha256) {
      problems.push_back(sum.path + ": differs from its digest in SHA256SUMS");
    }
    unlisted.erase(sum.path);
  }
  for (const auto& [path, digest] : unlisted) problems.push_back(path + ": not listed in SHA256SUMS");
}

void check_evidence(const Report& report, Digests digests, Problems& problems) {
  for (const auto& file : report.evidence) {
    const auto found = digests.find(file.path);
    if (found == digests.end() || found->second != file.sha256) problems.push_back(file.path + ": not the evidence that report.json names");
    digests.erase(file.path);
  }
  for (const auto name : report_files) digests.erase(std::string{name});
  std::erase_if(digests, [](const auto& file) { return stands_outside_the_sums(file.first); });
  for (const auto& [path, digest] : digests) problems.push_back(path + ": evidence that report.json doesn't name");
}

void check_verdict(StoredReport& stored, Problems& problems) {
  const auto said = stored.report().verdict;
  judge(stored.report());
  if (stored.report().verdict != said) {
    problems.push_back("report.json: says " + std::string{name(said)} + ", but its findings make it " +
                       std::string{name(stored.report().verdict)});
  }
  stored.report().verdict = said;
}

// A view that is a text says the verdict once, in these words.
void check_view(const std::string& directory, const char* view, const std::string& sign, Problems& problems) {
  const auto text = text_of(directory + "/" + view);
  if (!text || text->find(sign) == std::string::npos) problems.push_back(std::string{view} + ": doesn't say the verdict of report.json");
}

Json at(const Json& json, const char* pointer) { return json.value(Json::json_pointer{pointer}, Json{}); }

void check_attestation(const std::string& directory, const Report& report, const Digests& digests, Problems& problems) {
  const auto text = text_of(directory + "/attestation.json");
  const auto json = text ? Json::parse(*text, nullptr, false) : Json{};
  if (!json.is_object()) {
    problems.push_back("attestation.json: missing, or no JSON");
    return;
  }
  const auto verdict = at(json, "/predicate/configuration/0/annotations/verdict");
  const bool agrees = at(json, "/predicate/result") == attested(report.verdict) && verdict == name(report.verdict);
  if (!agrees) problems.push_back("attestation.json: doesn't say the verdict of report.json");
  const auto subject = at(json, "/subject/0/digest/sha256");
  const bool same_binary = report.subject.sha256.empty() ? subject.is_null() : subject == report.subject.sha256;
  if (!same_binary) problems.push_back("attestation.json: is about another binary than report.json");
  const auto found = digests.find("report.json");
  const bool same_report = found != digests.end() && at(json, "/predicate/configuration/0/digest/sha256") == found->second;
  if (!same_report) problems.push_back("attestation.json: is about another report.json");
}

void check_report(const std::string& directory, const Digests& digests, Problems& problems) {
  const auto text = text_of(directory + "/report.json");
  const auto json = text ? Json::parse(*text, nullptr, false) : Json(Json::value_t::discarded);
  if (json.is_discarded()) {
    problems.push_back("report.json: missing, or no JSON");
    return;
  }
  const auto schema = schema_problems(json);
  for (const auto& problem : schema) problems.push_back("report.json: " + problem);
  if (!schema.empty()) return;

  StoredReport stored{json};
  const auto& report = stored.report();
  check_verdict(stored, problems);
  check_evidence(report, digests, problems);
  const std::string verdict{name(report.verdict)};
  check_view(directory, "report.html", " data-verdict=\"" + verdict + "\"", problems);
  check_view(directory, "report.md", "# Retention audit: " + verdict + "\n", problems);
  check_view(directory, "junit.xml", "<property name=\"verdict\" value=\"" + verdict + "\"/>", problems);
  check_attestation(directory, report, digests, problems);
}

}  // namespace

int verify(const std::string& directory, std::ostream& out) {
  Problems problems;
  std::error_code none;
  if (!std::filesystem::is_directory(directory, none)) {
    out << one_line(directory) << ": no directory\n";
    return 1;
  }
  const auto digests = digests_below(directory, problems);
  check_sums(directory, digests, problems);
  check_report(directory, digests, problems);
  for (const auto& problem : problems) out << one_line(problem) << '\n';
  if (problems.empty()) out << "in order: " << grouped(digests.size()) << " files, which agree with one another\n";
  return problems.empty() ? 0 : 1;
}

}  // namespace lethe::audit
