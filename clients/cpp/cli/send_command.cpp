#include <memory>

#include <unistd.h>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/sending.hpp"

namespace lethe::cli {

namespace {
constexpr std::size_t most_piped = 268'435'456;  // what comes through a pipe is held in memory

struct SendArguments {
  KeyArgument key;
  ConnectionArguments connection;
  std::string link, input = "-", text, name, ttl = "7d", urgency = "normal", wait = "30s", timeout;
  bool receipt = false, anonymous = false;
};

// A text as long as it fits one message and would look like one; a file otherwise.
Result<client::Outgoing> from_pipe(const std::string& name) {
  auto file = client::File::adopt(::dup(STDIN_FILENO));
  client::Bytes content;
  client::Bytes block(65'536);
  for (;;) {
    const auto got = file.read_next(block);
    if (!got) return got.error();
    content.insert(content.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(*got));
    if (content.size() > most_piped) return client::Error::too_large;
    if (*got < block.size()) break;
  }
  const auto text = client::as_text(content);
  const bool is_text = content.size() <= client::part_capacity(65'536, 0) && text.find('\0') == std::string_view::npos;
  if (name.empty() && is_text) return client::Outgoing::text(content);
  return client::Outgoing::memory(std::move(content), name.empty() ? "stdin" : name);
}

Result<client::Outgoing> open_input(const SendArguments& arguments) {
  if (!arguments.text.empty()) return client::Outgoing::text(client::as_bytes(arguments.text));
  if (arguments.input == "-") return from_pipe(arguments.name);
  return client::Outgoing::file(arguments.input);
}

// Anonymous where the invite allows it and there is no reason to say who sends: no key, or the mailbox is our own (a
// session with its key would take the mailbox over from the listener).
bool be_anonymous(const SendArguments& arguments, const client::Link& link, const std::optional<client::Identity>& sender) {
  const bool allowed = link.invite && client::read_invite(*link.invite)->anonymous && !arguments.receipt;
  return allowed && (arguments.anonymous || !sender || sender->address() == link.address);
}

int send(const SendArguments& arguments) {
  const auto link = client::parse_link(arguments.link);
  if (!link) return complain("LINK", link.error().message()), usage;
  bool failed = false;
  SendSettings settings;
  settings.sender = arguments.key.load_if_there(failed);
  if (failed) return input_output;
  settings.recipient = {link->address, link->invite};
  settings.ttl = parse_duration(arguments.ttl);
  settings.urgency = *client::urgency_named(arguments.urgency);
  settings.receipt = arguments.receipt;
  settings.patience = parse_duration(arguments.wait);
  if (!arguments.timeout.empty()) settings.timeout = parse_duration(arguments.timeout);

  client::Options options;
  options.relay = link->relay;
  options.relay_name = link->relay_name;
  options.trust.pin = link->pin;
  options.give_up = settings.patience;
  if (!arguments.connection.apply(options)) return usage;
  if (!be_anonymous(arguments, *link, settings.sender)) {
    if (arguments.anonymous) return complain("this link does not allow anonymous senders, or --receipt needs a key"), usage;
    if (!settings.sender) return complain("this needs a key; make one with: lethe-cli keygen"), input_output;
    options.identity = settings.sender;
  }
  auto outgoing = open_input(arguments);
  if (!outgoing) return complain(arguments.input, outgoing.error().message()), input_output;
  boost::asio::io_context io{1};
  Sending sending(io, std::move(options), std::move(settings), std::move(*outgoing));
  return sending.run();
}
}  // namespace

void add_send(CLI::App& app, Run& run) {
  auto* const command = app.add_subcommand("send", "Send a file, or what comes on standard input, to whoever gave you the link");
  const auto arguments = std::make_shared<SendArguments>();
  auto& a = *arguments;
  command->add_option("link", a.link, "The recipient's lethe:// link")->required()->type_name("LINK");
  auto* const file = command->add_option("file", a.input, "File to send; - or nothing: standard input")->type_name("FILE");
  command->add_option("--text", a.text, "Send this text")->excludes(file);
  command->add_option("--name", a.name, "Send standard input as a file of this name");
  command->add_option("--ttl", a.ttl, "The relay forgets it after so long; 0: deliver now or not at all")
      ->capture_default_str()->type_name("DURATION");
  command->add_option("--urgency", a.urgency, "very-low, low, normal or high")
      ->check(CLI::IsMember({"very-low", "low", "normal", "high"}))->capture_default_str();
  command->add_flag("--receipt", a.receipt, "Wait until the recipient has it (needs a key)");
  command->add_flag("--anonymous", a.anonymous, "Do not tell the relay who sends, where the link allows it");
  command->add_option("--wait", a.wait, "Keep trying for so long when the relay is away, full or limiting")
      ->capture_default_str()->type_name("DURATION");
  command->add_option("--timeout", a.timeout, "Give up after so long, whatever happens")->type_name("DURATION");
  a.key.add_to(*command);
  a.connection.add_to(*command);
  command->footer("\nA key, if there is one, signs what is sent, visible to the recipient only. A session with the key also takes the\n"
                  "key's own mailbox over: a listener of the same key is disconnected, unless the session is anonymous.\n"
                  "\nExamples:\n  echo 'see you at eight' | lethe-cli send \"$LINK\"\n  lethe-cli send \"$LINK\" holiday.zip --receipt --ttl 2d\n"
                  "  tar cz photos | lethe-cli send \"$LINK\" --name photos.tar.gz\n"
                  "\nExit status 0: all accepted by the relay; with --receipt: all acknowledged by the recipient.");
  command->callback([arguments, &run] { run = [arguments] { return send(*arguments); }; });
}

}  // namespace lethe::cli
