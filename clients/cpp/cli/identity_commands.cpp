#include <chrono>
#include <cstdio>
#include <memory>

#include <lethe/client/base64url.hpp>
#include <lethe/client/link.hpp>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "client/key_file.hpp"

namespace lethe::cli {

namespace {
void print_address(const client::Identity& identity) {
  std::printf("%s\n", client::to_base64url(identity.address().bytes).c_str());
}

int keygen(const KeyArgument& key) {
  const auto identity = client::Identity::generate();
  if (const auto failure = client::write_key_file(key.path(), identity)) {
    complain(key.path(), failure.message());
    return input_output;
  }
  std::fprintf(stderr, "New key in %s. Your address:\n", key.path().c_str());
  print_address(identity);
  return done;
}

struct InviteArguments {
  KeyArgument key;
  std::string relay, pin, relay_name, expires = "30d", max_ttl = "0", label;
  std::uint16_t rate = 0;
  std::uint32_t generation = 0;
  bool anonymous = false, this_epoch = false;
};

int invite(const InviteArguments& arguments) {
  const auto relay = client::parse_relay(arguments.relay);
  if (!relay) return complain("--relay", "not host:port"), usage;
  const auto identity = arguments.key.load();
  if (!identity) return input_output;
  client::InviteTerms terms;
  const auto now = std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch());
  terms.expires = static_cast<std::uint64_t>((now + parse_duration(arguments.expires)).count());
  terms.max_ttl = static_cast<std::uint32_t>(parse_duration(arguments.max_ttl).count());
  terms.rate = arguments.rate;
  terms.generation = arguments.generation;
  terms.anonymous = arguments.anonymous;
  terms.this_epoch_only = arguments.this_epoch;
  const auto label = client::fixed_from_base64url<InviteLabel>(arguments.label);
  if (!arguments.label.empty() && !label) return complain("--label", "not 8 bytes as base64url (11 characters)"), usage;
  terms.label = label ? *label : client::random_fixed<InviteLabel>();

  client::Link link;
  link.relay = relay->relay;
  link.pin = relay->pin;
  link.relay_name = arguments.relay_name.empty() ? relay->relay_name : arguments.relay_name;
  link.address = identity->address();
  link.invite = client::mint_invite(*identity, terms);
  if (!arguments.pin.empty()) {
    const auto pin = client::parse_fingerprint(arguments.pin);
    if (!pin) return complain("--pin", "not a SHA-256 fingerprint"), usage;
    link.pin = *pin;
  }
  std::fprintf(stderr, "Label, to revoke it with listen --revoke: %s\n", client::to_base64url(terms.label.bytes).c_str());
  std::printf("%s\n", client::format_link(link).c_str());
  return done;
}
}  // namespace

void add_keygen(CLI::App& app, Run& run) {
  auto* const command = app.add_subcommand("keygen", "Make the key of this device; print its address");
  const auto key = std::make_shared<KeyArgument>();
  key->add_to(*command);
  command->footer("\nThe file is readable by you only, and an existing one is never overwritten: who has it is you.");
  command->callback([key, &run] { run = [key] { return keygen(*key); }; });
}

void add_address(CLI::App& app, Run& run) {
  auto* const command = app.add_subcommand("address", "Print the address of this device");
  const auto key = std::make_shared<KeyArgument>();
  key->add_to(*command);
  command->callback([key, &run] {
    run = [key]() -> int {
      const auto identity = key->load();
      if (!identity) return input_output;
      print_address(*identity);
      return done;
    };
  });
}

void add_invite(CLI::App& app, Run& run) {
  auto* const command = app.add_subcommand("invite", "Print a link with which others can send to this device");
  const auto arguments = std::make_shared<InviteArguments>();
  arguments->key.add_to(*command);
  command->add_option("--relay", arguments->relay, "The relay where you listen: host:port")->required()->type_name("HOST:PORT");
  command->add_option("--pin", arguments->pin, "SHA-256 fingerprint of the relay's certificate, to go into the link")->type_name("FINGERPRINT");
  command->add_option("--relay-name", arguments->relay_name, "The relay's own name, if it is not the host")->type_name("NAME");
  command->add_option("--expires", arguments->expires, "Valid for so long")->capture_default_str()->type_name("DURATION");
  command->add_option("--max-ttl", arguments->max_ttl, "Longest life of a message sent with it; 0: no cap")
      ->capture_default_str()->type_name("DURATION");
  command->add_option("--rate", arguments->rate, "Most messages an hour (a large file is many); 0: no cap")->capture_default_str();
  command->add_option("--generation", arguments->generation, "Void once you listen with a higher --generation")->capture_default_str();
  command->add_option("--label", arguments->label, "8 bytes as base64url, to revoke this one link with (default: random)");
  command->add_flag("--anonymous", arguments->anonymous, "Usable by senders without a key");
  command->add_flag("--this-epoch", arguments->this_epoch, "Valid until the relay restarts only");
  command->footer("\nExamples:\n  lethe-cli invite --relay relay.example:443 --expires 7d\n"
                  "  lethe-cli invite --relay localhost:7443 --pin 3f1c… --anonymous");
  command->callback([arguments, &run] { run = [arguments] { return invite(*arguments); }; });
}

}  // namespace lethe::cli
