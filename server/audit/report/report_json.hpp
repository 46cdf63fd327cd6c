#pragma once
// A report as JSON and back. Exactly the fields of Report, in its order, by docs/retention-report.schema.json.
#include <deque>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "audit/report/report.hpp"

namespace lethe::audit {

inline constexpr std::string_view report_format = "lethe-retention-report/1";

// The text of report.json: indented, keys in a fixed order, a line end last. The same report gives the same bytes. Bytes that
// aren't UTF-8 become U+FFFD.
std::string report_json(const Report& report);

// A report that was read back, with the controls that its results point to. Not copyable, for those pointers.
class StoredReport {
 public:
  // `json` must have passed schema_problems().
  explicit StoredReport(const nlohmann::json& json);
  StoredReport(const StoredReport&) = delete;
  StoredReport& operator=(const StoredReport&) = delete;
  Report& report() noexcept { return report_; }
  const Report& report() const noexcept { return report_; }

 private:
  struct StoredControl {
    std::string id;
    std::string sentence;
    std::vector<Detector> expected;
    Control control;
  };
  void add_control(const nlohmann::json& json);

  Report report_;
  std::deque<StoredControl> controls_;
};

// What breaks the schema, one sentence each, without a value of the report; empty: valid. The validator (valijson) knows
// draft 7; the schema is of 2020-12 and uses only what means the same in both.
std::vector<std::string> schema_problems(const nlohmann::json& json);

}  // namespace lethe::audit
