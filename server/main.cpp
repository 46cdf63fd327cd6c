// The composition root: the story of a start, from the command line to the last goodbye.
#include <boost/asio/signal_set.hpp>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "base/heap.hpp"
#include "net/admin.hpp"
#include "net/openssl_memory.hpp"
#include "net/relay.hpp"
#include "ops/event_log.hpp"
#include "ops/metrics.hpp"
#include "ops/startup.hpp"
#include "ops/version.hpp"

namespace {

using namespace lethe;

std::string read_file(const std::string& path, const char* option) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{std::string{option} + ": the file can't be read"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

net::RelayOptions relay_options(const ops::Config& config) {
  net::RelayOptions options;
  options.name = config.name;
  options.version = ops::version();
  options.build = ops::build_id();
  options.threads = config.threads != 0 ? config.threads : std::max(1U, std::thread::hardware_concurrency());
  options.plaintext = config.tls.plaintext;
  options.require_exporter = config.tls.require_exporter;
  options.trusted_proxies = config.tls.trusted_proxies;
  options.upgrade.allowed_origins = config.allowed_origins;
  options.tls = {config.tls.minimum == ops::TlsVersion::v1_2, config.tls.resumption, {}, {}, config.name};
  if (!config.tls.certificate.empty()) {
    options.tls.certificate = read_file(config.tls.certificate, "tls.certificate");
    options.tls.key = read_file(config.tls.key, "tls.key");
  }
  options.arena = {config.memory.arena, config.memory.locking, config.memory.secret, options.threads};
  options.drain_acks = config.drain.acks;
  options.retry_after_min = config.drain.retry_after.min;
  options.retry_after_max = config.drain.retry_after.max;
  return options;
}

identity::Admission admission(const ops::Config& config) {
  if (config.admission.mode == ops::AdmissionMode::open) return {};
  return identity::Admission{read_file(config.admission.key_file, "admission.key_file")};
}

ops::MetricNames metric_names() {
  ops::MetricNames names;
  for (std::size_t i = 1; i < names.refusals.size(); ++i) names.refusals[i] = wire::name(static_cast<mailbox::Refusal>(i));
  for (std::size_t i = 0; i < 7; ++i) {
    names.errors[i] = wire::name(static_cast<wire::ErrorCode>(i));
    names.closings[i] = wire::name(static_cast<wire::CloseReason>(i));
  }
  return names;
}

EventFields with_port(std::uint16_t port) {
  EventFields fields;
  fields.port = port;
  return fields;
}

void report_start(const net::RelayContext& relay, EventLog& log) {
  if (!relay.tls) log.write(Severity::warning, Event::plaintext);
  if (!relay.arena.locked()) log.write(Severity::warning, Event::unlocked_memory);
  if (!relay.tls || !relay.tls->development()) return;
  log.write(Severity::warning, Event::development_certificate);
  std::printf("development certificate, SHA-256 %s\n", relay.tls->fingerprint().c_str());
  std::fflush(stdout);
}

int run(const ops::Config& config) {
  ops::SpdlogEventLog log{config.log};
  net::asio::io_context front{1};
  net::Relay relay{front, relay_options(config), config.limits, admission(config), log};
  relay.lock_memory();
  const ops::Metrics metrics{relay.tallies(), metric_names(), [&context = relay.context()] {
                               const Arena& arena = context.arena;
                               return ops::ArenaUse{arena.size(), arena.used(), arena.locked(), arena.secret(), context.all_locked};
                             }};
  net::Admin admin{front, {[&relay] { return !relay.context().draining; }, [&metrics] { return metrics.text(); }}};
  report_start(relay.context(), log);
  if (config.admin) log.write(Severity::info, Event::admin_listening, with_port(admin.listen(config.admin->address, config.admin->port)));
  const std::uint16_t port = relay.listen(config.listen.address, config.listen.port);

  net::asio::signal_set signals{front, SIGTERM, SIGINT};
  signals.async_wait([&](const error_code& error, int) {
    if (error) return;
    log.write(Severity::info, Event::draining);
    relay.drain([&](std::uint64_t given_up) {
      EventFields fields;
      fields.count = given_up;
      log.write(given_up > 0 ? Severity::warning : Severity::info, Event::drained, fields);
      front.stop();
    });
  });
  relay.start();
  log.write(Severity::info, Event::listening, with_port(port));
  front.run();
  log.write(Severity::info, Event::stopped);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  tune_heap();
  if (!net::wipe_openssl_memory()) return std::fputs("lethe: OpenSSL's memory can't be overwritten on release\n", stderr), 2;
  const auto parsed = ops::parse_command_line(argc, argv, environ);
  if (const auto* leave = std::get_if<ops::ExitNow>(&parsed)) {
    std::fputs(leave->text.c_str(), leave->to_stderr ? stderr : stdout);
    return leave->status;
  }
  try {
    return run(std::get<ops::Config>(parsed));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "lethe: %s\n", failure.what());
    return 1;
  }
}
