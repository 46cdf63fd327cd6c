#include <cstdio>
#include <exception>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"

namespace {
constexpr const char* description =
    "lethe-cli: end-to-end encrypted messages and files over a Lethe relay, which forgets them.";

constexpr const char* footer = R"(
Examples:
  lethe-cli keygen
  LINK=$(lethe-cli invite --relay relay.example:443 --anonymous --expires 7d)
  echo 'see you at eight' | lethe-cli send "$LINK"
  lethe-cli send "$LINK" holiday.zip
  lethe-cli listen --relay relay.example:443 --out ~/Received

Exit status:
  0  done                      3  no session with the relay
  1  refused; see stderr       4  a file, the key or the disk
  2  wrong arguments           5  --timeout passed first)";
}  // namespace

namespace lethe::cli {
void complain(const std::string& what) { std::fprintf(stderr, "lethe-cli: %s\n", what.c_str()); }
void complain(const std::string& what, const std::string& why) { complain(what + ": " + why); }
}  // namespace lethe::cli

int main(int count, char** arguments) {
  CLI::App app{description};
  app.footer(footer);
  app.require_subcommand(1);
  lethe::cli::Run run;
  lethe::cli::add_keygen(app, run);
  lethe::cli::add_address(app, run);
  lethe::cli::add_invite(app, run);
  lethe::cli::add_send(app, run);
  lethe::cli::add_listen(app, run);
  lethe::cli::add_status(app, run);
  try {
    app.parse(count, arguments);
    return run();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? lethe::cli::done : lethe::cli::usage;
  } catch (const std::exception& error) {
    lethe::cli::complain(error.what());
    return lethe::cli::input_output;
  }
}
