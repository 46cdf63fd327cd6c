#pragma once
// What the doctor says about one matter.
#include <cstdint>
#include <string>
#include <string_view>

namespace lethe::doctor {

// In this order they are worse and worse. `breaks_promise`: bytes of a message, or what is known of one, can reach a disk,
// or another process, as things stand.
enum class Severity : std::uint8_t { ok, note, warning, breaks_promise };

struct Finding {
  Severity severity = Severity::ok;
  std::string_view check;   // its name, which stays the same from version to version
  std::string what;         // what there is: a sentence
  std::string why;          // why it matters for the promise or the load; empty where all is well
  std::string where;        // where the fix belongs: «lethe.service, [Service]»; empty where there is none
  std::string fix;          // the exact line, or lines
};

// «breaks-promise».
std::string_view name(Severity severity) noexcept;

}  // namespace lethe::doctor
