#pragma once
// The program `lethe` for one test: on free ports of 127.0.0.1, without locked memory, with one thread, and otherwise with
// the options that the test names. The process that is started is the broker; the relay is its child. With sanitizers, which
// need what the lock-down forbids, it is one process without a lock-down. It dies with the test program at the latest.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "audit/peer/tls_client.hpp"

namespace lethe::test {

using peer::patience;

// Option names (docs/configuration.md) and their values.
using Settings = std::map<std::string, std::string>;

struct Ended {
  int status = -1;          // exit status; -1 where a signal ended it
  std::string out;
  std::string err;
};

// How a process is prepared before it becomes the program.
struct Preparation {
  std::function<void()> in_child;   // after fork(2), before execv(3)
  std::string output;               // a file for stdout in place of memory
};

// Whether a RelayProcess is locked down unless its settings say otherwise.
bool locks_down() noexcept;

// Runs the program with exactly these arguments to its end.
Ended run_relay(const std::vector<std::string>& arguments, const Preparation& preparation = {});

class RelayProcess {
 public:
  // Returns when it listens. Throws std::runtime_error with its output where it doesn't come up.
  explicit RelayProcess(const Settings& settings = {}, const Preparation& preparation = {});
  ~RelayProcess();
  RelayProcess(const RelayProcess&) = delete;
  RelayProcess& operator=(const RelayProcess&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  std::uint16_t admin_port() const noexcept { return admin_port_; }
  // SHA-256 of the development certificate, in hex; empty where there is none.
  std::string fingerprint() const;
  // What it has written to stdout and stderr so far.
  std::string out() const;
  std::string err() const;
  // The process that was started, and the one that serves: its only child, or itself.
  pid_t pid() const noexcept { return pid_; }
  pid_t serving_pid() const;
  // VmRSS of the one that serves.
  std::uint64_t resident_bytes() const;
  // Waits for `text` in what it writes to stdout; false where it never comes.
  bool says(const std::string& text) const;
  // How often the text stands in its writable memory. Not for sanitizers' builds, whose shadow is endless.
  std::size_t copies_in_memory(std::string_view text) const;

  // Samples by name with labels, as the page writes them: «lethe_errors_total{code="malformed"}».
  std::map<std::string, double> metrics() const;
  // One sample; throws where it is not there.
  double metric(const std::string& name) const;
  // Polls until the sample has the value; false where it never does.
  bool reaches(const std::string& name, double value) const;
  // The body of an admin page and, by reference, its status.
  std::string admin_page(const std::string& path, unsigned& status) const;

  void signal(int number) const;
  // Whether it still runs.
  bool running();
  // Waits for its end after a signal was sent.
  Ended wait();
  Ended stop(int number = SIGTERM);
  void kill();

 private:
  void await_ports();

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  int status_ = 0;
  std::uint16_t port_ = 0;
  std::uint16_t admin_port_ = 0;
};

}  // namespace lethe::test
