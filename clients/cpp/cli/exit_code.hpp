#pragma once
// What lethe-cli's exit status says to scripts; the same for all commands (lethe-cli --help lists them).
namespace lethe::cli {

enum ExitCode : int {
  done = 0,            // everything that was asked for happened
  refused = 1,         // the relay or the recipient's mailbox refused; the reason is on stderr
  usage = 2,           // wrong arguments
  cannot_connect = 3,  // no session with the relay: unreachable, not trusted, not authenticated, replaced
  input_output = 4,    // a file, the key or the disk
  timed_out = 5,       // --timeout passed first
};

}  // namespace lethe::cli
