#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "audit/report/embedded.hpp"
#include "audit/report/report_json.hpp"

namespace lethe::audit {
namespace {

// valijson writes a place as <root>[subject][sha256].
std::string place_of(const valijson::ValidationResults::Error& error) {
  std::string place;
  for (const auto& step : error.context) place += step;
  return place;
}

// Its sentences name keys, types and patterns, and no value.
std::string sentence_of(const valijson::ValidationResults::Error& error) { return place_of(error) + ": " + error.description; }

// A valijson::Schema can be neither copied nor moved.
struct ReportSchema {
  ReportSchema() {
    const auto text = nlohmann::json::parse(embedded::report_schema);
    const valijson::adapters::NlohmannJsonAdapter json{text};
    valijson::SchemaParser{valijson::SchemaParser::kDraft7}.populateSchema(json, schema);
  }
  valijson::Schema schema;
};

}  // namespace

std::vector<std::string> schema_problems(const nlohmann::json& json) {
  static const ReportSchema report;
  valijson::Validator validator{valijson::Validator::kStrongTypes};
  valijson::ValidationResults results;
  validator.validate(report.schema, valijson::adapters::NlohmannJsonAdapter{json}, &results);
  std::vector<std::string> problems;
  for (const auto& error : results) problems.push_back(sentence_of(error));
  return problems;
}

}  // namespace lethe::audit
