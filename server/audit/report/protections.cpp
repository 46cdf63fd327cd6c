#include "audit/report/protections.hpp"

#include <nlohmann/json.hpp>

namespace lethe::audit {

std::vector<std::pair<std::string, bool>> protections_of(const std::string& well_known) {
  std::vector<std::pair<std::string, bool>> protections;
  const auto page = nlohmann::ordered_json::parse(well_known, nullptr, false);
  if (!page.is_object() || !page.contains("protections") || !page["protections"].is_object()) return protections;
  for (const auto& [name, value] : page["protections"].items()) {
    if (value.is_boolean()) protections.emplace_back(name, value.get<bool>());
  }
  return protections;
}

std::vector<std::string> names_not_in_force(const std::string& well_known) {
  std::vector<std::string> names;
  for (auto& [name, in_force] : protections_of(well_known)) {
    if (!in_force) names.push_back(std::move(name));
  }
  return names;
}

bool runs_degraded(const std::string& well_known) {
  const auto page = nlohmann::json::parse(well_known, nullptr, false);
  return page.is_object() && page.value("degraded", nlohmann::json{}) == true;
}

std::string shortcomings_of(const std::string& well_known) {
  const auto missing = names_not_in_force(well_known);
  std::string text = runs_degraded(well_known) ? "DEGRADED, by the relay's own account." : "";
  if (missing.empty()) return text;
  text += text.empty() ? "By the relay's own account not in force: " : " Not in force: ";
  for (std::size_t index = 0; index < missing.size(); ++index) text += (index == 0 ? "" : ", ") + missing[index];
  return text + ".";
}

}  // namespace lethe::audit
