// lethe-bench: loads a relay, or what it is compared with, and says how it did. docs/performance.md.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <map>

#include "bench/plot.hpp"
#include "bench/workload.hpp"

namespace {

using namespace lethe::bench;

struct Workload {
  const char* name;
  const char* about;
  Figures (*run)(const Options&);
};

constexpr Workload workloads[] = {
    {"relay", "Sent, delivered and acknowledged by pairs of devices, as fast as it goes.", run_relay},
    {"rate", "The same at a fixed rate: how long a message takes from when it should have been sent.", run_rate},
    {"fan-out", "One message to many recipients, and the same to each by itself.", run_fan_out},
    {"queue", "Messages for devices that are away, which then come.", run_queue},
    {"storm", "Sessions opened one after the other, with full handshakes.", run_storm},
    {"idle", "Sessions that say nothing: what they take.", run_idle},
    {"group", "Groups of eight at a fixed rate, whose phones come and go.", run_group},
};

struct Output {
  unsigned runs = 1;
  std::string json;
  std::string plot;
};

void add_options(CLI::App& app, Options& options, Output& output) {
  const std::map<std::string, Protocol> protocols{{"lethe", Protocol::lethe_binary}, {"lethe-json", Protocol::lethe_json},
                                                  {"mqtt", Protocol::mqtt}, {"nats", Protocol::nats}, {"jetstream", Protocol::jetstream}};
  app.add_option("--port", options.server.port, "Of the server, on 127.0.0.1")->required();
  app.add_option("--host", options.server.host, "The relay's name")->capture_default_str();
  app.add_option("--protocol", options.server.protocol, "lethe, lethe-json, mqtt, nats or jetstream")
      ->transform(CLI::CheckedTransformer(protocols, CLI::ignore_case))
      ->default_str("lethe");
  app.add_option("--pid", options.pid, "Of the server: says what it takes");
  app.add_option("--server-threads", options.server_threads, "How many cores the server has, for what it makes of them")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--threads", options.threads, "Of the load")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--seconds", options.seconds, "Each run")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--runs", output.runs, "How often; medians are shown")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--json", output.json, "A file for all figures");
  app.add_option("--plot", output.plot, "A file for a picture (SVG)");
  app.add_flag("--progress", options.progress, "Says on standard error which run it is at");
  app.add_option("--pairs", options.pairs, "relay, rate: of devices")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--window", options.window, "relay: messages between send and acknowledgement, a pair")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--payload", options.payload, "Bytes")->capture_default_str();
  app.add_option("--rate", options.rate, "rate, group: messages a second")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--recipients", options.recipients, "fan-out")->check(CLI::Range(1, 1'024))->capture_default_str();
  app.add_option("--sessions", options.sessions, "storm, idle, group")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--messages", options.messages, "queue")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--mailboxes", options.mailboxes, "queue")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--known", options.known, "relay: mailboxes of devices that stay away, which the server knows")->capture_default_str();
  app.add_option("--standing", options.standing, "relay: messages that wait in these")->capture_default_str();
}

void write(const std::string& path, const std::string& text) {
  if (path.empty()) return;
  if (!(std::ofstream{path} << text).flush()) throw std::runtime_error{"can't write " + path};
}

int run(const Workload& workload, const Options& options, const Output& output) {
  prepare(options.server);
  std::vector<Figures> runs;
  for (unsigned number = 1; number <= output.runs; ++number) {
    if (options.progress) std::cerr << workload.name << ": run " << number << " of " << output.runs << std::endl;
    runs.push_back(workload.run(options));
  }
  const std::string title = std::string{workload.name} + ", " + std::string{name(options.server.protocol)};
  print_table(std::cout, title, spread_of(runs), runs.size());
  write(output.json, to_json(workload.name, options, runs));
  write(output.plot, to_svg("lethe-bench " + title, runs));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  Output output;
  CLI::App app{"Loads a relay, or what it is compared with, over TLS and WebSocket, and says how it did."};
  add_options(app, options, output);
  app.require_subcommand(1);
  for (const Workload& workload : workloads) app.add_subcommand(workload.name, workload.about)->fallthrough();
  CLI11_PARSE(app, argc, argv);
  try {
    for (const Workload& workload : workloads) {
      if (app.got_subcommand(workload.name)) return run(workload, options, output);
    }
  } catch (const std::exception& failure) {
    std::cerr << "lethe-bench: " << failure.what() << '\n';
    return 1;
  }
  return 2;
}
