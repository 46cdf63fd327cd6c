#include "ops/options_page.hpp"

#include <nlohmann/json.hpp>

#include "ops/config_rules.hpp"
#include "ops/option_value.hpp"
#include "ops/options.hpp"

namespace lethe::ops {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Written by `lethe --print-options-page`. Change server/ops/options.cpp and run it again. -->

Each option below can be given three ways. A flag wins over an environment variable, which wins over the file, which wins
over the default.

| where | how |
|---|---|
| flag | `--limits.message.payload 128KiB` |
| environment | `LETHE_LIMITS_MESSAGE_PAYLOAD=128KiB`: upper case, dots as underscores |
| file (`--config FILE` or `LETHE_CONFIG=FILE`) | `{"limits": {"message": {"payload": "128KiB"}}}`: JSON, a section for each dot |

Bytes are whole numbers or text such as `64KiB`, `10MiB`, `2GiB`, `1TiB`. Durations are whole seconds. In flags and variables a
list is separated by commas, and a switch is `true` or `false` (the flag alone means `true`).

An unknown option, an unknown `LETHE_…` variable or a value that doesn't fit stops the start with exit status 2 and one line
on stderr that names it. `lethe --check-config` tries a configuration without starting; `lethe --print-config` prints the one in
effect as a file.

SIGHUP to the broker reads the file again. What can be changed in a relay that runs is (*reload* in the last column); of another changed option
the event `needs_restart` says the name, and the next start takes it. Flags and variables stay what they were at the start. Certificate and key are also
read when their files change.

The file for a relay on the internet:
```json
{
  "listen": "0.0.0.0:443",
  "name": "relay.example.org",
  "tls": {"certificate": "/etc/lethe/fullchain.pem", "key": "/etc/lethe/key.pem"},
  "log": {"format": "json"}
}
```
)";

struct Section {
  std::string_view prefix;
  std::string_view title;
};

// In the order of the table.
constexpr Section kSections[] = {
    {"", "General"}, {"tls.", "TLS"}, {"admission.", "Admission"}, {"memory.", "Memory"},
    {"limits.message.", "Limits of a message"}, {"limits.mailbox.", "Limits of a mailbox"},
    {"limits.relay.", "Limits of the relay"}, {"limits.session.", "Limits of a session"},
    {"drain.", "Stopping"}, {"log.", "Log"},
};

bool belongs(const Option& option, const Section& section) {
  if (section.prefix.empty()) return option.name.find('.') == option.name.npos;
  return option.name.starts_with(section.prefix);
}

std::string duration_text(std::uint64_t seconds) {
  constexpr std::pair<std::uint64_t, std::string_view> units[] = {{86'400, " d"}, {3'600, " h"}, {60, " min"}};
  for (const auto& [unit, name] : units) {
    if (seconds >= unit && seconds % unit == 0) return std::to_string(seconds / unit) + std::string{name};
  }
  return std::to_string(seconds) + " s";
}

std::string values(const Option& option) {
  const auto range = [&](auto text) { return text(option.min) + " … " + text(option.max); };
  switch (option.kind) {
    case Kind::flag: return "true, false";
    case Kind::number: return range([](std::uint64_t n) { return std::to_string(n); });
    case Kind::size: return range([](std::uint64_t n) { return size_text(n); });
    case Kind::duration: return range([](std::uint64_t n) { return duration_text(n); });
    case Kind::text: return "text";
    case Kind::path: return "path";
    case Kind::endpoint: return "address:port";
    case Kind::list: return "list";
    case Kind::choice: break;
  }
  std::string text;
  for (const auto choice : option.choices) text += (text.empty() ? "" : ", ") + std::string{choice};
  return text;
}

std::string default_text(const Option& option) {
  const auto json = to_json(option, Config{});
  if (json == "") return {};
  if (json.is_string()) return "`" + json.get<std::string>() + "`";
  std::string text = "`" + json.dump() + "`";
  if (!json.is_number()) return text;
  const auto number = json.get<std::uint64_t>();
  if (option.kind == Kind::size && number >= 1'024) text += " (" + size_text(number) + ")";
  if (option.kind == Kind::duration && number >= 60) text += " (" + duration_text(number) + ")";
  return text;
}

std::string row(const Option& option) {
  return "| `" + std::string{option.name} + "` | " + values(option) + " | " + default_text(option) + " | " +
         std::string{option.sentence} + " | " + (option.reloads ? "reload" : "start") + " |\n";
}

}  // namespace

std::string options_page() {
  std::string page{kIntroduction};
  for (const Section& section : kSections) {
    page += "\n## " + std::string{section.title} + "\n| option | values | default | meaning | takes effect at |\n|---|---|---|---|---|\n";
    for (const Option& option : options()) {
      if (belongs(option, section)) page += row(option);
    }
  }
  page += "\n## What must fit together\n";
  for (const Rule& rule : rules()) page += "- `" + std::string{rule.option} + "` " + std::string{rule.requirement} + ".\n";
  return page;
}

}  // namespace lethe::ops
