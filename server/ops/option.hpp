#pragma once
// One option: what it is called, what it may be, and where in Config it lives. Flags, environment variables, the
// configuration file, --print-config, --help and docs/configuration.md all come from it.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ops/config.hpp"

namespace lethe::ops {

enum class Kind : std::uint8_t { flag, number, size, duration, choice, text, path, endpoint, list };

// flag: bool. number, size (bytes), duration (seconds), choice (index into `choices`): uint64. text, path, endpoint:
// string. list: strings.
using Value = std::variant<bool, std::uint64_t, std::string, std::vector<std::string>>;

// What the text of a `text` or each entry of a `list` must look like.
struct Form {
  std::string_view description;   // «a host name …»: reads on after «must be»
  bool (*fits)(std::string_view text) = nullptr;
};

struct Option {
  std::string_view name;                        // dotted path in Config
  Kind kind = Kind::flag;
  // Of a number, size, duration: its value. Of text and a path: its length in bytes. Of a list: its entries. Of an
  // endpoint: min 0 where it may be empty (off). Both included.
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  std::span<const std::string_view> choices{};
  Form form{};
  Value (*get)(const Config& config) = nullptr;
  // Precondition: the value is of the option's kind and within its bounds.
  void (*set)(Config& config, const Value& value) = nullptr;
  std::string_view sentence;
  bool reloads = false;                         // a changed value takes effect in a relay that runs; else at a start
};

}  // namespace lethe::ops
