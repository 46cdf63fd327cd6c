#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "client/fetch.hpp"
#include "client/safe_name.hpp"

namespace lethe::cli {

namespace {
using nlohmann::json;

struct StatusArguments {
  ConnectionArguments connection;
  std::string relay;
  bool raw = false;
};

std::string plain_value(const json& value) {
  if (value.is_string()) return client::safe_text(value.get<std::string>());
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return client::safe_text(value.dump());
}

// Objects as indented sections, one line a value.
void print_fields(const json& object, int indent) {
  for (const auto& [name, value] : object.items()) {
    const auto shown = client::safe_text(name);
    if (value.is_object() && indent < 6) {
      std::printf("%*s%s:\n", indent, "", shown.c_str());
      print_fields(value, indent + 2);
    } else {
      std::printf("%*s%-*s %s\n", indent, "", 28 - indent, (shown + ":").c_str(), plain_value(value).c_str());
    }
  }
}

int status(const StatusArguments& arguments) {
  const auto relay = client::parse_relay(arguments.relay);
  if (!relay) return complain("not host:port"), usage;
  client::Options options;
  options.trust.pin = relay->pin;
  if (!arguments.connection.apply(options)) return usage;
  const auto page = client::fetch_page(relay->relay, options.trust, "/.well-known/lethe", seconds(15));
  if (!page) return complain(client::format_endpoint(relay->relay), page.error().message()), cannot_connect;
  if (page->status != 200) return complain("the relay answered with HTTP status " + std::to_string(page->status)), refused;
  const auto fields = json::parse(page->body, nullptr, false);
  if (!fields.is_object()) return complain("the relay's answer is not a Lethe page"), refused;
  if (arguments.raw) std::printf("%s\n", fields.dump(2, ' ', true).c_str());
  else print_fields(fields, 0);
  return done;
}
}  // namespace

void add_status(CLI::App& app, Run& run) {
  auto* const command = app.add_subcommand("status", "Show what a relay says about itself: version, limits, protections");
  const auto arguments = std::make_shared<StatusArguments>();
  command->add_option("relay,--relay", arguments->relay, "host:port, or a lethe:// link")->required()->type_name("RELAY");
  command->add_flag("--raw", arguments->raw, "Print the JSON itself");
  arguments->connection.add_to(*command);
  command->callback([arguments, &run] { run = [arguments] { return status(*arguments); }; });
}

}  // namespace lethe::cli
