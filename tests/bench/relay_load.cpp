// relay_load: what a running relay does under load. Started by tests/bench/run, which starts the relay and pins both.
//
//   relay_load relay  PORT PID --pairs 64 --window 16 --payload 256 --seconds 10
//   relay_load idle   PORT PID --sessions 10000
//   relay_load queued PORT PID --messages 1000000 --mailboxes 1000 --payload 256
//
// Prints one line of figures. Connections come from 127.1.0.0/16, a source a thousand.
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>

#include "bench/load_peer.hpp"

namespace {

using namespace lethe::bench;
using Clock = std::chrono::steady_clock;

struct Options {
  std::uint16_t port = 0;
  int pid = 0;
  unsigned pairs = 64;
  unsigned window = 16;
  std::size_t payload = 256;
  unsigned seconds = 10;
  unsigned sessions = 10'000;
  std::uint64_t messages = 1'000'000;
  unsigned mailboxes = 1'000;
};

SSL_CTX* client_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  return context;
}

std::string source(std::size_t number) { return "127.1." + std::to_string(number / 1'000 / 250) + "." + std::to_string(1 + number / 1'000 % 250); }

// A number from /proc/PID/status, in bytes.
std::uint64_t resident(int pid, const std::string& name) {
  std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1)) * 1'024;
  }
  return 0;
}

// Processor seconds of the relay so far: user and system.
double processor_seconds(int pid) {
  std::ifstream stat{"/proc/" + std::to_string(pid) + "/stat"};
  std::string text{std::istreambuf_iterator<char>{stat}, {}};
  text = text.substr(text.rfind(')') + 2);
  unsigned long user = 0, system = 0;
  std::sscanf(text.c_str(), "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct Pair {
  std::unique_ptr<LoadPeer> sender;
  std::unique_ptr<LoadPeer> receiver;
  std::array<std::uint8_t, 32> to{};
  std::array<std::uint8_t, 92> invite{};
  unsigned room = 0;            // messages that may still be sent
  std::uint64_t last_seq = 0;   // not yet acknowledged, 0: none
  unsigned received = 0;        // since the last acknowledgement
};

// Sent, delivered, acknowledged: a sender keeps `window` messages between its send and the receiver's acknowledgement.
class RelayLoad {
 public:
  RelayLoad(const Options& options, SSL_CTX* context) : options_{options}, pairs_(options.pairs), payload_(options.payload, 0x5a) {
    epoll_ = epoll_create1(0);
    for (unsigned i = 0; i < options.pairs; ++i) {
      const DeviceKey from{2 * i + 1};
      const DeviceKey to{2 * i + 2};
      Pair& pair = pairs_[i];
      pair.to = to.address();
      pair.receiver = std::make_unique<LoadPeer>(options.port, "localhost", context, to, source(i));
      pair.sender = std::make_unique<LoadPeer>(options.port, "localhost", context, from, source(i));
      pair.room = options.window;
      watch(*pair.receiver, i * 2 + 1);
      watch(*pair.sender, i * 2);
    }
  }

  void run() {
    const auto begin = Clock::now();
    const auto warm = begin + std::chrono::seconds{1};
    const auto end = warm + std::chrono::seconds{options_.seconds};
    for (Pair& pair : pairs_) top_up(pair);
    turn_until(warm);
    const std::uint64_t before = acknowledged_;
    const double busy = processor_seconds(options_.pid);
    turn_until(end);
    const double done = static_cast<double>(acknowledged_ - before);
    const double used = processor_seconds(options_.pid) - busy;
    std::printf("relay pairs=%u window=%u payload=%zu messages_per_second=%.0f server_cpu_us_per_message=%.2f server_cpu_percent=%.0f\n",
                options_.pairs, options_.window, options_.payload, done / options_.seconds, used / done * 1e6, used / options_.seconds * 100);
  }

 private:
  void watch(LoadPeer& peer, std::uint64_t tag) {
    peer.tag = tag;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.ptr = &peer;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, peer.socket(), &event);
  }

  void top_up(Pair& pair) {
    for (; pair.room > 0; --pair.room) append_send(records_, ++number_, pair.to, {}, payload_);
    if (!records_.empty()) pair.sender->send(records_);
  }

  void turn_until(Clock::time_point end) {
    std::array<epoll_event, 256> events{};
    while (Clock::now() < end) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
      for (int i = 0; i < count; ++i) turn(*static_cast<LoadPeer*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
  }

  void turn(LoadPeer& peer) {
    peer.flush();
    Pair& pair = pairs_[peer.tag / 2];
    peer.readable([&](LoadPeer&, std::uint8_t kind, std::span<const std::uint8_t> body) {
      if (kind != 0x82) return;
      pair.last_seq = 0;
      for (std::size_t i = 1; i < 9; ++i) pair.last_seq = pair.last_seq << 8 | body[i];
      ++pair.received;
    });
    if (pair.received == 0) return;
    append_ack(records_, pair.last_seq);
    pair.receiver->send(records_);
    acknowledged_ += pair.received;
    pair.room += pair.received;
    pair.received = 0;
    top_up(pair);
  }

  Options options_;
  std::vector<Pair> pairs_;
  Bytes payload_;
  Bytes records_;
  int epoll_ = -1;
  std::uint64_t number_ = 0;
  std::uint64_t acknowledged_ = 0;
};

void idle(const Options& options, SSL_CTX* context) {
  const std::uint64_t before = resident(options.pid, "VmRSS");
  std::vector<std::unique_ptr<LoadPeer>> peers;
  const auto begin = Clock::now();
  for (unsigned i = 0; i < options.sessions; ++i) {
    const DeviceKey key{i + 1'000'000};
    peers.push_back(std::make_unique<LoadPeer>(options.port, "localhost", context, key, source(i)));
  }
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  sleep(2);   // the relay has gone idle
  const double grown = static_cast<double>(resident(options.pid, "VmRSS") - before);
  std::printf("idle sessions=%u resident_bytes_per_session=%.0f sessions_per_second=%.0f\n", options.sessions, grown / options.sessions,
              options.sessions / took);
}

void queued(const Options& options, SSL_CTX* context) {
  const DeviceKey from{1};
  LoadPeer sender{options.port, "localhost", context, from, source(0)};
  std::vector<DeviceKey> devices;
  std::vector<std::array<std::uint8_t, 92>> invites;
  for (unsigned i = 0; i < options.mailboxes; ++i) {
    devices.emplace_back(i + 2'000'000);
    invites.push_back(devices.back().invite());
  }
  const Bytes payload(options.payload, 0x5a);
  const std::uint64_t before = resident(options.pid, "VmRSS");
  const auto begin = Clock::now();
  std::uint64_t answered = 0, refused = 0, sent = 0;
  const auto count = [&](LoadPeer&, std::uint8_t kind, std::span<const std::uint8_t> body) {
    if (kind != 0x81) return;
    ++answered;
    refused += body[21] == 0 ? 1 : 0;
  };
  Bytes records;
  while (answered < options.messages) {
    while (sent < options.messages && sent - answered < 2'000) {
      const std::size_t mailbox = sent++ % options.mailboxes;
      append_send(records, sent, devices[mailbox].address(), invites[mailbox], payload);
      if (records.size() > 32'768) break;
    }
    if (!records.empty()) sender.send(records);
    sender.flush();
    sender.readable(count);
  }
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  sleep(2);
  const double grown = static_cast<double>(resident(options.pid, "VmRSS") - before);
  std::printf("queued messages=%llu mailboxes=%u payload=%zu refused=%llu resident_bytes_per_message=%.0f messages_per_second=%.0f\n",
              static_cast<unsigned long long>(options.messages), options.mailboxes, options.payload, static_cast<unsigned long long>(refused),
              grown / static_cast<double>(options.messages - refused), static_cast<double>(options.messages) / took);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Load on a running relay"};
  const auto add = [&](const char* name, const char* text) {
    CLI::App* command = app.add_subcommand(name, text);
    command->add_option("port", options.port)->required();
    command->add_option("pid", options.pid)->required();
    return command;
  };
  CLI::App* relay = add("relay", "sent, delivered, acknowledged by pairs of devices");
  relay->add_option("--pairs", options.pairs);
  relay->add_option("--window", options.window);
  relay->add_option("--payload", options.payload);
  relay->add_option("--seconds", options.seconds);
  CLI::App* idle_command = add("idle", "memory of idle sessions");
  idle_command->add_option("--sessions", options.sessions);
  CLI::App* queued_command = add("queued", "memory of queued messages");
  queued_command->add_option("--messages", options.messages);
  queued_command->add_option("--mailboxes", options.mailboxes);
  queued_command->add_option("--payload", options.payload);
  app.require_subcommand(1);
  CLI11_PARSE(app, argc, argv);
  SSL_CTX* context = client_context();
  try {
    if (*relay) RelayLoad{options, context}.run();
    else if (*idle_command) idle(options, context);
    else if (*queued_command) queued(options, context);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "relay_load: %s\n", failure.what());
    return 1;
  }
  return 0;
}
