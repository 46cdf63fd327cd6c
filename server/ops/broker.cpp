#include "ops/broker.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <csignal>

#include "ops/pem_files.hpp"

namespace lethe::ops {
namespace {

constexpr int forever = -1;
constexpr int retry_pause = 500;   // ms, where the output is stuck
constexpr std::chrono::seconds patience_for_output{2};

void write_sentence(int errors, const std::string& sentence) {
  const std::string line = "lethe: " + sentence + "\n";
  (void)!::write(errors, line.data(), line.size());
}

}  // namespace

Broker::Broker(const Config& config, RenewalSources sources, BrokerEnd end, int output, int errors)
    : tls_{config.tls},
      end_{std::move(end)},
      errors_{errors},
      printer_{config.log, end_.log.get(), output},
      watch_{std::move(sources.watch)},
      reload_{config, std::move(sources.reread), printer_.log()},
      link_{end_.link.get()} {}

int Broker::run() {
  for (;;) {
    wait_for_something();
    printer_.output().flush();
    if (log_open_) log_open_ = printer_.read();
    if (link_.listening()) link_.read();
    link_.flush();
    take_signals();
    renew_when_possible();
    if (relay_ended()) return leave();
    printer_.output().flush();
    report_lost();
  }
}

void Broker::wait_for_something() {
  OutputQueue& output = printer_.output();
  const short link_events = static_cast<short>((link_.listening() ? POLLIN : 0) | (link_.sending() ? POLLOUT : 0));
  const bool waits_for_output = !output.empty() && !output.stuck();
  // A negative descriptor is passed over: poll(2).
  const int until_look = watch_.wait(CertificateWatch::Clock::now());
  std::array<pollfd, 5> polled{{{end_.signals.get(), POLLIN, 0},
                                {log_open_ && !output.full() ? end_.log.get() : -1, POLLIN, 0},
                                {link_events != 0 ? link_.socket() : -1, link_events, 0},
                                {waits_for_output ? output.descriptor() : -1, POLLOUT, 0},
                                {watch_.descriptor(), POLLIN, 0}}};
  const int until_retry = output.stuck() ? retry_pause : forever;
  const bool retry_first = until_look == forever || (until_retry != forever && until_retry < until_look);
  (void)::poll(polled.data(), polled.size(), retry_first ? until_retry : until_look);
}

void Broker::report_lost() {
  EventFields fields;
  fields.count = printer_.output().take_lost();
  if (*fields.count > 0) printer_.log().write(Severity::warning, Event::records_lost, fields);
}

void Broker::take_signals() {
  signalfd_siginfo signal{};
  while (::read(end_.signals.get(), &signal, sizeof signal) == static_cast<ssize_t>(sizeof signal)) {
    if (signal.ssi_signo == SIGHUP) hangup_ = true;
    if (signal.ssi_signo == SIGTERM || signal.ssi_signo == SIGINT) stop_relay();
  }
}

void Broker::stop_relay() {
  if (stopping_) return;
  stopping_ = true;
  ::kill(end_.relay, SIGTERM);
}

void Broker::renew_when_possible() {
  const auto now = CertificateWatch::Clock::now();
  watch_.hear(now);
  if (watch_.changed(now)) files_changed_ = true;
  // One at a time: what is still on its way may be half of it.
  if ((!hangup_ && !files_changed_) || link_.sending()) return;
  renew(hangup_ ? reload_.again() : Reload::Outcome{});
  hangup_ = files_changed_ = false;
}

void Broker::renew(const Reload::Outcome& reloaded) {
  if (tls_.certificate.empty()) {
    if (reloaded.settings) link_.send({}, {}, reloaded.settings);
    if (!reloaded.said) printer_.log().write(Severity::info, Event::nothing_to_reload);
    return;
  }
  watch_.seen();
  const Result<PemFiles> files = read_pem_files(tls_);
  if (files) return link_.send(files->certificate, files->key, reloaded.settings);
  printer_.log().write(Severity::error, Event::certificate_rejected, unreadable(files.error()));
  if (reloaded.settings) link_.send({}, {}, reloaded.settings);
}

bool Broker::relay_ended() { return ::waitpid(end_.relay, &status_, WNOHANG) == end_.relay; }

// The relay has gone, so the pipe ends; the output may be stuck for good.
void Broker::print_the_rest() {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + patience_for_output;
  OutputQueue& output = printer_.output();
  while ((log_open_ || !output.empty()) && Clock::now() < end) {
    if (log_open_) log_open_ = printer_.read();
    output.flush();
    if (output.empty()) continue;
    pollfd polled{output.descriptor(), POLLOUT, 0};
    (void)::poll(&polled, output.stuck() ? 0 : 1, retry_pause);
  }
}

int Broker::leave() {
  link_.read();
  print_the_rest();
  if (!link_.failure().empty()) write_sentence(errors_, link_.failure());
  if (WIFEXITED(status_)) return WEXITSTATUS(status_);
  EventFields fields;
  fields.code = static_cast<std::uint32_t>(WTERMSIG(status_));
  printer_.log().write(Severity::error, Event::relay_killed, fields);
  print_the_rest();
  return 128 + WTERMSIG(status_);
}

}  // namespace lethe::ops
