#include "start/service.hpp"

#include <csignal>
#include <stdexcept>

#include "net/take_over.hpp"
#include "net/warm_up.hpp"
#include "ops/pem_files.hpp"
#include "start/relay_setup.hpp"

namespace lethe::start {
namespace {

EventFields with_port(std::uint16_t port) {
  EventFields fields;
  fields.port = port;
  return fields;
}

}  // namespace

Service::Service(const ops::Config& config, const StartFiles& files, EventLog& log, ops::Predecessor* predecessor)
    : config_{config},
      log_{log},
      relay_{front_, relay_options(config, files, predecessor), config.limits, admission(config, files), log},
      metrics_{relay_.tallies(), metric_names(),
               [&context = relay_.context()] {
                 const Arena& arena = context.arena;
                 return ops::ArenaUse{arena.size(), arena.used(), arena.locked(), arena.secret(), context.all_locked};
               },
               [this] { return degraded_; }},
      admin_{front_, {[this] { return readiness(); }, [this] { return metrics_.text(); }}},
      hand_over_{front_, relay_, admin_, log, [this] { front_.stop(); }},
      predecessor_{predecessor},
      stop_{front_, SIGTERM, SIGINT} {
  const auto inherited = [predecessor](Descriptor ops::Predecessor::*socket) {
    return predecessor == nullptr ? -1 : (predecessor->*socket).release();
  };
  const int admin = inherited(&ops::Predecessor::admin);
  if (config.admin) admin_port_ = admin_.listen(config.admin->address, config.admin->port, admin);
  else Descriptor{admin}.reset();
  port_ = relay_.listen(config.listen.address, config.listen.port, inherited(&ops::Predecessor::listener));
  if (!config.hand_over.empty()) hand_over_.listen(config.hand_over, inherited(&ops::Predecessor::hand_over));
  net::warm_up(relay_.context().tls.get());
  relay_.lock_memory();
  await_stop();
}

net::Readiness Service::readiness() const {
  if (relay_.context().draining) return net::Readiness::draining;
  return degraded_ ? net::Readiness::degraded : net::Readiness::ready;
}

void Service::renew_from_broker(int link) {
  renewals_.emplace(front_, relay_, link);
  renewals_->start();
}

void Service::renew_at_hangup(std::function<ops::Config()> reread) {
  reload_.emplace(config_, std::move(reread), log_);
  hangup_.emplace(front_, SIGHUP);
  await_hangup();
}

void Service::await_hangup() {
  hangup_->async_wait([this](const error_code& error, int) {
    if (error) return;
    renew_from_files();
    await_hangup();
  });
}

void Service::renew_from_files() {
  const ops::Reload::Outcome reloaded = reload_->again();
  if (reloaded.settings) relay_.adopt(*reloaded.settings);
  if (config_.tls.certificate.empty()) {
    if (!reloaded.said) log_.write(Severity::info, Event::nothing_to_reload);
    return;
  }
  Result<ops::PemFiles> files = ops::read_pem_files(config_.tls);
  if (files) return relay_.renew(std::move(files->certificate), std::move(files->key));
  log_.write(Severity::error, Event::certificate_rejected, ops::unreadable(files.error()));
}

void Service::await_stop() {
  stop_.async_wait([this](const error_code& error, int) {
    if (error) return;
    stop_asked_ = true;
    if (opened_) hand_over_.stop([this] { drain(); });
  });
}

void Service::drain() {
  log_.write(Severity::info, Event::draining);
  relay_.drain([this](std::uint64_t given_up) {
    EventFields fields;
    fields.count = given_up;
    log_.write(given_up > 0 ? Severity::warning : Severity::info, Event::drained, fields);
    front_.stop();
  });
}

void Service::take_over() {
  if (predecessor_ == nullptr) return;
  const net::HandedOver taken = net::take_over(relay_, predecessor_->connection.get(), [this] {
    front_.poll();
    return stop_asked_;
  });
  predecessor_->connection.reset();
  EventFields fields;
  fields.count = taken.entries;
  fields.bytes = taken.bytes;
  log_.write(Severity::info, Event::taken_over, fields);
}

void Service::report(const net::Posture& posture) {
  const net::RelayContext& relay = relay_.context();
  EventFields started;
  started.duration = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun_);
  log_.write(Severity::info, Event::started, started);
  EventFields lockdown;
  lockdown.level = posture.level;
  if (posture.protections.seccomp) lockdown.digest = Digest{posture.protections.filter_digest};
  log_.write(Severity::info, Event::lockdown, lockdown);
  if (posture.degraded()) log_.write(Severity::warning, Event::degraded);
  if (!relay.tls) log_.write(Severity::warning, Event::plaintext);
  if (!relay.arena.locked()) log_.write(Severity::warning, Event::unlocked_memory);
  if (relay.tls && relay.tls->development()) {
    EventFields certificate;
    certificate.digest = relay.tls->fingerprint();
    log_.write(Severity::warning, Event::development_certificate, certificate);
  }
  if (config_.admin) log_.write(Severity::info, Event::admin_listening, with_port(admin_port_));
}

void Service::open(const net::Posture& posture) {
  degraded_ = posture.degraded();
  report(posture);
  relay_.open(posture);
  admin_.serve();
  hand_over_.start();
  opened_ = true;
  log_.write(Severity::info, Event::listening, with_port(port_));
  if (stop_asked_) drain();
}

void Service::run() {
  front_.run();
  log_.write(Severity::info, Event::stopped);
}

}  // namespace lethe::start
