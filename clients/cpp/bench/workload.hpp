#pragma once
// A workload loads a server in one way and returns figures, in the order in which they are shown. Each is a file; main.cpp has
// the list. Throws std::runtime_error where the server does something else than it should.
#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "bench/peer.hpp"

namespace lethe::bench {

struct Options {
  Server server;
  pid_t pid = 0;                  // of the server, for what it takes; 0: not asked
  unsigned server_threads = 1;    // that a core each is there for
  unsigned threads = 1;           // of the load
  unsigned seconds = 5;
  unsigned pairs = 64;
  unsigned window = 16;           // messages between a send and their acknowledgement, each pair
  std::size_t payload = 256;      // bytes
  double rate = 10'000;           // messages a second, all pairs together
  unsigned recipients = 1'000;    // of one message
  unsigned sessions = 1'000;
  std::uint64_t messages = 100'000;
  unsigned mailboxes = 1'000;
  unsigned known = 0;             // mailboxes that the server knows besides
  std::uint64_t standing = 0;     // messages that wait in those
  bool progress = false;          // to standard error
};

struct Figure {
  std::string name;
  double value;
};
using Figures = std::vector<Figure>;

Figures run_relay(const Options& options);      // sent, delivered, acknowledged, as fast as it goes
Figures run_rate(const Options& options);       // at a fixed rate: how long each takes
Figures run_fan_out(const Options& options);    // one message to many
Figures run_queue(const Options& options);      // for devices that are away; then they come
Figures run_storm(const Options& options);      // connections, authenticated, one after the other
Figures run_idle(const Options& options);       // sessions that say nothing
Figures run_group(const Options& options);      // groups whose members come and go

}  // namespace lethe::bench
