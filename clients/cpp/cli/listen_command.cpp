#include <memory>

#include <lethe/client/base64url.hpp>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/listening.hpp"

namespace lethe::cli {

namespace {
struct ListenArguments {
  KeyArgument key;
  ConnectionArguments connection;
  std::string relay, out, timeout, wait, min_urgency;
  std::vector<std::string> revoked;
  std::optional<std::uint32_t> generation, window;
  unsigned count = 0;
  std::uint64_t most_megabytes = 4'096;
  bool once = false, anyone = false, invited = false, show_sender = false;
};

bool read_mailbox(const ListenArguments& arguments, client::MailboxSettings& mailbox) {
  if (arguments.anyone || arguments.invited) mailbox.anyone = arguments.anyone;
  mailbox.generation = arguments.generation;
  mailbox.window = arguments.window;
  if (!arguments.min_urgency.empty()) mailbox.min_urgency = client::urgency_named(arguments.min_urgency);
  if (arguments.revoked.empty()) return true;
  mailbox.revoked.emplace();
  for (const auto& text : arguments.revoked) {
    const auto label = client::fixed_from_base64url<InviteLabel>(text);
    if (!label) return complain("--revoke", "not the label of an invite"), false;
    mailbox.revoked->push_back(*label);
  }
  return true;
}

int listen(const ListenArguments& arguments) {
  const auto relay = client::parse_relay(arguments.relay);
  if (!relay) return complain("--relay", "not host:port"), usage;
  const auto identity = arguments.key.load();
  if (!identity) return input_output;
  client::Options options;
  options.relay = relay->relay;
  options.relay_name = relay->relay_name;
  options.trust.pin = relay->pin;
  options.identity = identity;
  if (!arguments.wait.empty()) options.give_up = parse_duration(arguments.wait);
  if (!arguments.connection.apply(options) || !read_mailbox(arguments, options.mailbox)) return usage;

  ListenSettings settings{*identity, {}, {}, {}, arguments.show_sender};
  if (arguments.once) settings.count = 1;
  if (arguments.count > 0) settings.count = arguments.count;
  if (!arguments.timeout.empty()) settings.timeout = parse_duration(arguments.timeout);
  if (!arguments.out.empty()) {
    client::InboxLimits limits;
    limits.file_bytes = arguments.most_megabytes * 1'048'576;
    auto inbox = client::Inbox::open(arguments.out, limits);
    if (!inbox) return complain(arguments.out, inbox.error().message()), input_output;
    settings.inbox = std::move(*inbox);
  }
  boost::asio::io_context io{1};
  Listening listening(io, std::move(options), std::move(settings));
  return listening.run();
}
}  // namespace

void add_listen(CLI::App& app, Run& run) {
  auto* const command = app.add_subcommand("listen", "Receive: texts to standard output, files into a directory");
  const auto arguments = std::make_shared<ListenArguments>();
  auto& a = *arguments;
  command->add_option("--relay", a.relay, "The relay: host:port, or a lethe:// link to it")->required()->type_name("HOST:PORT");
  command->add_option("--out", a.out, "Directory for files; without it files stay with the relay")->type_name("DIR");
  command->add_flag("--once", a.once, "End after one text or file");
  command->add_option("--count", a.count, "End after so many texts and files");
  command->add_option("--timeout", a.timeout, "End after so long; exit status 5 if --count is not reached")->type_name("DURATION");
  command->add_option("--wait", a.wait, "Give up when the relay is away for so long (default: never)")->type_name("DURATION");
  command->add_option("--max-size", a.most_megabytes, "Largest file to take, in MiB")->capture_default_str();
  command->add_flag("--sender", a.show_sender, "Print the sender's address (or -) before each text");
  const auto group = "Mailbox";
  auto* const anyone = command->add_flag("--anyone", a.anyone, "Every authenticated device may send, without an invite")->group(group);
  command->add_flag("--invited", a.invited, "Only who has an invite may send (as at first)")->excludes(anyone)->group(group);
  command->add_option("--generation", a.generation, "Void every invite of a lower generation")->group(group);
  command->add_option("--revoke", a.revoked, "Labels of invites that are void")->group(group);
  command->add_option("--window", a.window, "Most unacknowledged messages on their way to here")->group(group);
  command->add_option("--min-urgency", a.min_urgency, "Less urgent messages wait at the relay")
      ->check(CLI::IsMember({"very-low", "low", "normal", "high"}))->group(group);
  a.key.add_to(*command);
  a.connection.add_to(*command);
  command->footer("\nA message is acknowledged, and the relay forgets it, only after it was written and synced to the disk. A file whose\n"
                  "arrival was interrupted goes on where it stopped; DIR/.lethe keeps what that needs.\n"
                  "\nExamples:\n  lethe-cli listen --relay relay.example:443 --out ~/Received\n"
                  "  lethe-cli listen --relay relay.example:443 --once --timeout 60s");
  command->callback([arguments, &run] { run = [arguments] { return listen(*arguments); }; });
}

}  // namespace lethe::cli
