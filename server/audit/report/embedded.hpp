#pragma once
// Files of the source tree that are built into the program (cmake/LetheEmbed.cmake, server/CMakeLists.txt).
#include <string_view>

namespace lethe::audit::embedded {

extern const std::string_view report_schema;   // docs/retention-report.schema.json
extern const std::string_view stylesheet;      // report.css beside this file

}  // namespace lethe::audit::embedded
