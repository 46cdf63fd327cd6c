#pragma once
// The parent of the relay. It prints the relay's log, reads renewed certificates for it, passes signals on and ends as it
// ends; it never sees traffic, for it has none of the relay's sockets. docs/operations.md, «Two processes».
//
//   SIGTERM, SIGINT   passed on, once
//   SIGHUP            certificate, key and configuration are read again and handed over
//   the files change  certificate and key are
//   the relay's end   what it has logged is printed; then run() returns
#include "ops/broker_link.hpp"
#include "ops/certificate_watch.hpp"
#include "ops/config.hpp"
#include "ops/log_printer.hpp"
#include "ops/process_pair.hpp"
#include "ops/reload.hpp"

namespace lethe::ops {

// Where renewals come from.
struct RenewalSources {
  CertificateWatch watch;
  std::function<Config()> reread;   // ops/reload.hpp
};

class Broker {
 public:
  // `output` (the log) and `errors` (why a start failed) stay the caller's and outlive this.
  Broker(const Config& config, RenewalSources sources, BrokerEnd end, int output, int errors);

  // Until the relay has ended. Its exit status; 128 and the signal's number where a signal ended it.
  int run();

 private:
  void wait_for_something();
  void report_lost();
  void take_signals();
  void stop_relay();
  void renew(const Reload::Outcome& reloaded);
  void renew_when_possible();
  bool relay_ended();
  void print_the_rest();
  int leave();

  const TlsConfig tls_;
  BrokerEnd end_;
  int errors_;
  LogPrinter printer_;
  CertificateWatch watch_;
  Reload reload_;
  BrokerLink link_;
  int status_ = 0;          // of wait(2)
  bool log_open_ = true;
  bool stopping_ = false;
  bool hangup_ = false;         // not yet answered
  bool files_changed_ = false;
};

}  // namespace lethe::ops
