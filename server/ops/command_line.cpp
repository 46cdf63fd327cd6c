#include "ops/command_line.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "ops/config_error.hpp"
#include "ops/option_value.hpp"
#include "ops/options.hpp"

namespace lethe::ops {
namespace {

constexpr std::pair<const char*, Request> kRequests[] = {
    {"--help", Request::help}, {"--version", Request::version}, {"--print-options-page", Request::options_page},
    {"--check-config", Request::check_config}, {"--print-config", Request::print_config}, {"--health", Request::health},
    {"--doctor", Request::doctor}};

std::string metavariable(const Option& option) {
  switch (option.kind) {
    case Kind::flag: return "[true|false]";
    case Kind::number: return "N";
    case Kind::size: return "BYTES";
    case Kind::duration: return "SECONDS";
    case Kind::text: return "TEXT";
    case Kind::path: return "FILE";
    case Kind::endpoint: return "ADDR:PORT";
    case Kind::list: return "LIST";
    case Kind::choice: break;
  }
  std::string text;
  for (const auto choice : option.choices) text += (text.empty() ? "" : "|") + std::string{choice};
  return text;
}

std::string section(const Option& option) {
  const auto dot = option.name.rfind('.');
  return dot == option.name.npos ? "Options" : "Options: " + std::string{option.name.substr(0, dot)};
}

void add_requests(CLI::App& app) {
  app.set_help_flag("-h,--help", "Print this and end");
  app.add_option("--config")->description("Read the configuration from this JSON file")->type_name("FILE")->take_last();
  const auto request = [&](const char* name, const char* description) {
    return app.add_flag(name)->description(description)->disable_flag_override();
  };
  request("--take-over", "Take over from the relay that runs; fail where none does (hand_over)");
  request("--check-config", "Check the configuration and end");
  request("--print-config", "Print the configuration in effect as a file and end");
  request("--health", "Ask the relay that runs with this configuration whether it is ready, and end");
  request("--doctor", "Check this host and the configuration, say what to do about it, and end: 0 fine, 1 warnings, 2 the promise is broken");
  request("--json", "Let --doctor answer in JSON");
  request("--version", "Print the version and end");
  request("--print-options-page", "Print docs/configuration.md and end")->group("");
}

// Nothing for what is empty, nor for a switch: CLI11 would take it for the value of the flag alone.
std::string default_text(const Option& option) {
  if (option.kind == Kind::flag) return {};
  const Value value = option.get(Config{});
  if (option.kind == Kind::size) return size_text(std::get<std::uint64_t>(value));
  const auto text = to_json(option, Config{}).dump();
  return text == "\"\"" || text == "[]" ? "" : text;
}

void add_options(CLI::App& app) {
  for (const Option& option : options()) {
    auto* flag = app.add_option("--" + std::string{option.name})->default_str(default_text(option));
    // The first sentence fits a terminal; the rest is in the page.
    flag->description(std::string{option.sentence.substr(0, option.sentence.find(". "))});
    flag->type_name(metavariable(option))->group(section(option))->take_last();
    if (option.kind == Kind::flag) flag->expected(0, 1);
  }
}

[[noreturn]] void refuse_stray(const std::string& argument) {
  if (argument.empty()) throw ConfigError{"command line", "an empty argument belongs to no option"};
  const bool flag = argument.starts_with("--");
  const auto name = flag ? argument.substr(0, argument.find('=')) : argument;
  const auto nearest = flag ? nearest_option(std::string_view{name}.substr(2)) : std::string_view{};
  const std::string hint = nearest.empty() ? "lethe --help lists them" : "did you mean --" + std::string{nearest} + "?";
  throw ConfigError{name, "no such option; " + hint};
}

// CLI11 takes «--admin=» for a flag without a value and eats the next argument; joined values are told apart here.
std::vector<std::string> arguments(int argc, const char* const* argv) {
  std::vector<std::string> result;
  for (int i = argc - 1; i > 0; --i) {
    std::string argument = argv[i];
    if (argument.starts_with("--") && argument.ends_with('=')) {
      result.emplace_back();
      argument.pop_back();
    }
    result.push_back(std::move(argument));
  }
  return result;   // last first, as CLI::App::parse wants them
}

void parse(CLI::App& app, std::vector<std::string> arguments) {
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return;
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string_view text = error.what();
    const bool needless = text.find("override") != text.npos;
    const auto name = text.substr(0, text.find_first_of(": "));
    throw ConfigError{(name.starts_with("-") ? "" : "--") + std::string{name}, needless ? "takes no value" : "needs a value"};
  } catch (const CLI::ParseError&) {
    throw ConfigError{"command line", "not understood; lethe --help lists the options"};
  }
  const auto stray = app.remaining();
  if (!stray.empty()) refuse_stray(stray.front());
}

// As it was written; empty for a switch without a value.
std::string last_value(const CLI::Option& option) {
  const std::vector<std::string>& given = option.results();
  return given.empty() ? std::string{} : given.back();
}

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv) {
  CLI::App app{"lethe: a store-and-forward relay for end-to-end encrypted messages that forgets them once they are delivered.\n"
               "Every option can also stand in the file or in a LETHE_… variable: see docs/configuration.md.", "lethe"};
  app.get_formatter()->column_width(48);
  app.allow_extras();
  add_requests(app);
  add_options(app);
  parse(app, arguments(argc, argv));

  CommandLine line;
  for (const auto& [flag, request] : kRequests) {
    if (app.count(flag) == 0) continue;
    line.request = request;
    break;
  }
  if (line.request == Request::help) line.help = app.help();
  line.json = app.count("--json") > 0;
  if (line.json && line.request != Request::doctor) throw ConfigError{"--json", "goes with --doctor only"};
  line.take_over = app.count("--take-over") > 0;
  if (app.count("--config") > 0) line.config = last_value(*app.get_option("--config"));
  for (const Option& option : options()) {
    const auto* flag = app.get_option("--" + std::string{option.name});
    if (flag->count() == 0) continue;
    const std::string given = last_value(*flag);
    line.values.emplace_back(&option, given.empty() && option.kind == Kind::flag ? "true" : given);
  }
  return line;
}

}  // namespace lethe::ops
