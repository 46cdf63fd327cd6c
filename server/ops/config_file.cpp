#include "ops/config_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <set>
#include <system_error>
#include <vector>

#include <nlohmann/json.hpp>

#include "ops/config_error.hpp"
#include "ops/option_value.hpp"
#include "ops/options.hpp"

namespace lethe::ops {
namespace {

using nlohmann::json;

constexpr std::size_t kLargestFile = 1'048'576;

bool is_section(std::string_view name) {
  return std::ranges::any_of(options(), [&](const Option& option) {
    return option.name.size() > name.size() && option.name.starts_with(name) && option.name[name.size()] == '.';
  });
}

[[noreturn]] void refuse_unknown(const std::string& name) {
  const auto nearest = nearest_option(name);
  throw ConfigError{name, nearest.empty() ? "no such option" : "no such option; did you mean " + std::string{nearest} + "?"};
}

void read_section(const json& section, const std::string& prefix, Config& config) {
  for (const auto& [key, value] : section.items()) {
    const std::string name = prefix + key;
    if (const Option* option = find_option(name)) {
      set_from_json(*option, value, config);
    } else if (!is_section(name)) {
      refuse_unknown(name);
    } else if (!value.is_object()) {
      throw ConfigError{name, "must be a section, that is an object in braces"};
    } else {
      read_section(value, name + ".", config);
    }
  }
}

// The parser keeps the last of two equal keys; this finds the first that was given twice.
class RepeatedKeys {
 public:
  bool operator()(int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) {
      open_.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      open_.pop_back();
    } else if (event == json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second && !repeated_) {
      repeated_ = parsed.get<std::string>();
    }
    return true;
  }
  const std::optional<std::string>& repeated() const noexcept { return repeated_; }

 private:
  std::vector<std::set<std::string>> open_;
  std::optional<std::string> repeated_;
};

// «line 3, column 5» of a byte counted from 1.
std::string place(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto last = before.rfind('\n');
  const auto column = before.size() - (last == before.npos ? 0 : last + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

json parse(std::string_view text, std::string_view file) {
  RepeatedKeys keys;
  json parsed;
  try {
    parsed = json::parse(text, std::ref(keys));
  } catch (const json::parse_error& error) {
    // Its text would quote the file.
    throw ConfigError{file, "is not JSON at " + place(text, error.byte)};
  }
  if (keys.repeated()) throw ConfigError{*keys.repeated(), "given twice in one section of " + printable(file)};
  if (!parsed.is_object()) throw ConfigError{file, "must hold one JSON object"};
  return parsed;
}

}  // namespace

void read_config_text(std::string_view text, std::string_view file, Config& config) {
  read_section(parse(text, file), "", config);
}

void read_config_file(const std::string& path, Config& config) {
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  std::string text(kLargestFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    throw ConfigError{path, "can't be read: " + std::generic_category().message(errno)};
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLargestFile) throw ConfigError{path, "is larger than 1 MiB"};
  read_config_text(text, path, config);
}

std::string config_text(const Config& config) {
  nlohmann::ordered_json whole = nlohmann::ordered_json::object();
  for (const Option& option : options()) {
    std::string pointer = "/" + std::string{option.name};
    std::ranges::replace(pointer, '.', '/');
    whole[nlohmann::ordered_json::json_pointer(pointer)] = to_json(option, config);
  }
  return whole.dump(2) + "\n";
}

}  // namespace lethe::ops
