#include "ops/option_value.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <nlohmann/json.hpp>

#include "ops/config_error.hpp"

namespace lethe::ops {
namespace {

constexpr std::string_view kUnits[] = {"TiB", "GiB", "MiB", "KiB"};

bool parse_digits(std::string_view text, std::uint64_t& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size();
}

// «from 1 to 5»
std::string range(std::uint64_t min, std::uint64_t max) {
  return "from " + std::to_string(min) + " to " + std::to_string(max);
}

std::string alternatives(std::span<const std::string_view> choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
    text += choices[i];
  }
  return text;
}

[[noreturn]] void refuse(const Option& option, std::string_view why = {}) {
  throw ConfigError{option.name, requirement(option) + std::string{why}};
}

bool within(const Option& option, std::uint64_t number) { return number >= option.min && number <= option.max; }

bool endpoint_fits(const Option& option, std::string_view text) {
  return text.empty() ? option.min == 0 : parse_endpoint(text).has_value();
}

// A path or text goes to C functions and into the protocol: a zero byte would cut it.
bool text_fits(const Option& option, std::string_view text) {
  if (!within(option, text.size()) || text.find('\0') != text.npos) return false;
  return option.form.fits == nullptr || option.form.fits(text);
}

bool string_fits(const Option& option, std::string_view text) {
  return option.kind == Kind::endpoint ? endpoint_fits(option, text) : text_fits(option, text);
}

std::uint64_t choice_index(const Option& option, std::string_view text) {
  const auto found = std::ranges::find(option.choices, text);
  if (found == option.choices.end()) refuse(option);
  return static_cast<std::uint64_t>(found - option.choices.begin());
}

std::uint64_t parse_number(const Option& option, std::string_view text) {
  std::uint64_t number = 0;
  const bool parsed = option.kind == Kind::size ? parse_size(text, number) : parse_digits(text, number);
  if (!parsed || !within(option, number)) refuse(option);
  return number;
}

std::vector<std::string> checked_list(const Option& option, std::vector<std::string> entries) {
  if (!within(option, entries.size()) || !std::ranges::all_of(entries, option.form.fits)) refuse(option);
  return entries;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> entries;
  while (!text.empty()) {
    const auto comma = text.find(',');
    entries.emplace_back(text.substr(0, comma));
    // A comma at the end leaves an empty entry, which fits no form.
    if (comma + 1 == text.size()) entries.emplace_back();
    text = comma == text.npos ? std::string_view{} : text.substr(comma + 1);
  }
  return entries;
}

Value parse_text(const Option& option, std::string_view text) {
  switch (option.kind) {
    case Kind::flag:
      if (text != "true" && text != "false") refuse(option);
      return text == "true";
    case Kind::number: case Kind::size: case Kind::duration:
      return parse_number(option, text);
    case Kind::choice:
      return choice_index(option, text);
    case Kind::list:
      return checked_list(option, split(text));
    case Kind::text: case Kind::path: case Kind::endpoint:
      break;
  }
  if (!string_fits(option, text)) refuse(option);
  return std::string{text};
}

std::string not_a(const nlohmann::json& json) {
  using Type = nlohmann::json::value_t;
  switch (json.type()) {
    case Type::null: return ", not null";
    case Type::boolean: return ", not a boolean";
    case Type::string: return ", not a string";
    case Type::array: return ", not a list";
    case Type::object: return ", not a section";
    default: return ", not a number";
  }
}

std::uint64_t number_in(const Option& option, const nlohmann::json& json) {
  if (option.kind == Kind::size && json.is_string()) return parse_number(option, json.get_ref<const std::string&>());
  if (!json.is_number()) refuse(option, not_a(json));
  if (!json.is_number_unsigned() || !within(option, json.get<std::uint64_t>())) refuse(option);
  return json.get<std::uint64_t>();
}

std::vector<std::string> list_in(const Option& option, const nlohmann::json& json) {
  if (!json.is_array()) refuse(option, not_a(json));
  std::vector<std::string> entries;
  for (const auto& entry : json) {
    if (!entry.is_string()) refuse(option);
    entries.push_back(entry.get<std::string>());
  }
  return checked_list(option, std::move(entries));
}

}  // namespace

void set_from_text(const Option& option, std::string_view text, Config& config) { option.set(config, parse_text(option, text)); }

void set_from_json(const Option& option, const nlohmann::json& json, Config& config) {
  switch (option.kind) {
    case Kind::flag:
      if (!json.is_boolean()) refuse(option, not_a(json));
      return option.set(config, json.get<bool>());
    case Kind::number: case Kind::size: case Kind::duration:
      return option.set(config, number_in(option, json));
    case Kind::list:
      return option.set(config, list_in(option, json));
    case Kind::choice: case Kind::text: case Kind::path: case Kind::endpoint:
      break;
  }
  if (!json.is_string()) refuse(option, not_a(json));
  set_from_text(option, json.get_ref<const std::string&>(), config);
}

nlohmann::ordered_json to_json(const Option& option, const Config& config) {
  const Value value = option.get(config);
  if (option.kind == Kind::choice) return option.choices[std::get<std::uint64_t>(value)];
  return std::visit([](const auto& held) { return nlohmann::ordered_json(held); }, value);
}

std::string requirement(const Option& option) {
  const std::string form{option.form.description};
  const std::string most = std::to_string(option.max);
  switch (option.kind) {
    case Kind::flag: return "must be true or false";
    case Kind::number: return "must be a whole number " + range(option.min, option.max);
    case Kind::size: return "must be a number of bytes " + range(option.min, option.max) + ", or text such as 64KiB";
    case Kind::duration: return "must be whole seconds " + range(option.min, option.max);
    case Kind::choice: return "must be " + alternatives(option.choices);
    case Kind::text: return "must be " + form + " of at most " + most + " characters";
    case Kind::path: return "must be a path of at most " + most + " characters";
    case Kind::list: return "must be a list of at most " + most + " " + form;
    case Kind::endpoint: break;
  }
  const std::string endpoint = "must be an address and a port such as 127.0.0.1:8443 or [::1]:8443";
  return option.min == 0 ? endpoint + ", or empty" : endpoint;
}

bool parse_size(std::string_view text, std::uint64_t& size) {
  std::uint64_t unit = 1;
  for (std::size_t i = 0; i < std::size(kUnits); ++i) {
    if (!text.ends_with(kUnits[i])) continue;
    unit = std::uint64_t{1} << (10 * (std::size(kUnits) - i));
    text.remove_suffix(kUnits[i].size());
    break;
  }
  if (!parse_digits(text, size) || size > std::numeric_limits<std::uint64_t>::max() / unit) return false;
  size *= unit;
  return true;
}

std::string size_text(std::uint64_t size) {
  for (std::size_t i = 0; i < std::size(kUnits); ++i) {
    const std::uint64_t unit = std::uint64_t{1} << (10 * (std::size(kUnits) - i));
    if (size >= unit && size % unit == 0) return std::to_string(size / unit) + std::string{kUnits[i]};
  }
  return std::to_string(size);
}

}  // namespace lethe::ops
