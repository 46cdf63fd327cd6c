#pragma once
// Numbers as people read them, and where a setting is made, by the place that the relay runs in.
#include <cstdint>
#include <string>
#include <string_view>

#include "doctor/facts.hpp"
#include "doctor/finding.hpp"

namespace lethe::doctor {

// «1,234,567».
std::string grouped(std::uint64_t number);
// «4.0 GiB», «unlimited».
std::string bytes_text(std::uint64_t bytes);

Finding fine(std::string_view check, std::string what);
Finding unseen(std::string_view check, std::string_view matter);

// A limit: the unit's line, the option of `docker run`, or the shell's command.
struct Setting {
  std::string where;
  std::string line;
};
Setting lock_limit_setting(Place place);
Setting open_files_setting(Place place, std::uint64_t number);
// What root types on the host, and what makes it last.
Setting on_host(Place place, std::string line);
Setting in_configuration(std::string line);

Finding found(Severity severity, std::string_view check, std::string what, std::string why, Setting fix = {});

}  // namespace lethe::doctor
