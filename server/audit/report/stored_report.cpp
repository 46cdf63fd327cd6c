#include <nlohmann/json.hpp>

#include "audit/report/looks.hpp"
#include "audit/report/report_json.hpp"

namespace lethe::audit {
namespace {

using Json = nlohmann::json;

// The enumerator of that name; the schema has let no other name pass.
template <typename Enum>
Enum named(std::size_t count, const std::string& text) {
  std::size_t index = 0;
  while (index + 1 < count && name(static_cast<Enum>(index)) != text) ++index;
  return static_cast<Enum>(index);
}

std::string text_of(const Json& json, const char* key) { return json.at(key).get<std::string>(); }
unsigned number_of(const Json& json, const char* key) { return json.at(key).get<unsigned>(); }
std::chrono::milliseconds milliseconds_of(const Json& json) {
  return std::chrono::milliseconds{json.at("duration_ms").get<std::int64_t>()};
}

std::vector<std::string> texts_of(const Json& json) { return json.get<std::vector<std::string>>(); }

std::vector<Detector> detectors_of(const Json& json) {
  std::vector<Detector> detectors;
  for (const auto& text : json) detectors.push_back(named<Detector>(detector_count, text.get<std::string>()));
  return detectors;
}

Subject subject_of(const Json& json) {
  return {.program = text_of(json, "program"),
          .sha256 = text_of(json, "sha256"),
          .version = text_of(json, "version"),
          .flags = texts_of(json.at("flags")),
          .kernel = text_of(json, "kernel"),
          .filter_sha256 = text_of(json, "filter_sha256"),
          .landlock_abi = number_of(json, "landlock_abi"),
          .well_known = text_of(json, "well_known")};
}

Finding finding_of(const Json& json) {
  Finding finding{.detector = named<Detector>(detector_count, text_of(json, "detector")),
                  .kind = named<Kind>(kind_count, text_of(json, "kind")),
                  .phase = std::nullopt,
                  .place = text_of(json, "place"),
                  .sentence = text_of(json, "sentence"),
                  .count = json.at("count").get<std::uint64_t>()};
  if (!json.at("phase").is_null()) finding.phase = named<Phase>(phase_count, text_of(json, "phase"));
  return finding;
}

TrialReport trial_of(const Json& json) {
  TrialReport trial;
  trial.id = text_of(json, "id");
  trial.sentence = text_of(json, "sentence");
  trial.duration = milliseconds_of(json);
  trial.messages = number_of(json, "messages");
  trial.due = number_of(json, "due");
  trial.received = number_of(json, "received");
  for (const auto& finding : json.at("findings")) trial.findings.push_back(finding_of(finding));
  return trial;
}

std::optional<BlindTrial> blind_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return BlindTrial{.caught = number_of(json, "caught"),
                    .missed = number_of(json, "missed"),
                    .false_alarms = number_of(json, "false_alarms"),
                    .cleared = number_of(json, "cleared")};
}

}  // namespace

StoredReport::StoredReport(const Json& json) {
  report_.verdict = named<Verdict>(3, text_of(json, "verdict"));
  report_.reasons = texts_of(json.at("reasons"));
  report_.subject = subject_of(json.at("subject"));
  report_.auditor = text_of(json, "auditor");
  report_.command = text_of(json, "command");
  report_.seed = text_of(json, "seed");
  report_.full = json.at("full").get<bool>();
  report_.began = text_of(json, "began");
  report_.duration = milliseconds_of(json);
  for (const auto& trial : json.at("trials")) report_.trials.push_back(trial_of(trial));
  for (const auto& control : json.at("controls")) add_control(control);
  report_.blind = blind_of(json.at("blind"));
  for (const auto& lifetime : json.at("lifetimes")) {
    const std::chrono::microseconds longest{lifetime.at("longest_us").get<std::int64_t>()};
    report_.lifetimes.push_back({text_of(lifetime, "state"), longest, number_of(lifetime, "samples")});
  }
  for (const auto& item : json.at("not_checked")) report_.not_checked.push_back({text_of(item, "what"), text_of(item, "why")});
  for (const auto& file : json.at("evidence")) {
    report_.evidence.push_back({text_of(file, "path"), text_of(file, "sha256"), file.at("bytes").get<std::uint64_t>()});
  }
}

void StoredReport::add_control(const Json& json) {
  auto& stored = controls_.emplace_back();
  stored.id = text_of(json, "id");
  stored.sentence = text_of(json, "sentence");
  stored.expected = detectors_of(json.at("expected"));
  stored.control = {.id = stored.id,
                    .row = number_of(json, "row"),
                    .sentence = stored.sentence,
                    .expected = stored.expected,
                    .resident = json.at("resident").get<bool>()};
  report_.controls.push_back({.control = &stored.control,
                              .leaked = json.at("leaked").get<bool>(),
                              .seen_by = detectors_of(json.at("seen_by")),
                              .prevented = json.at("prevented").get<bool>(),
                              .prevented_errno = json.at("prevented_errno").get<int>(),
                              .escaped = json.at("escaped").get<bool>(),
                              .note = text_of(json, "note")});
}

}  // namespace lethe::audit
