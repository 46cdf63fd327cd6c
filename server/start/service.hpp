#pragma once
// The relay with what stands around it (admin pages, metrics, signals), and the order of its life: made and bound; threads
// started; perhaps taken over from another; opened; run until a signal ends it. Between these the caller shuts the process in, or doesn't.
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <optional>

#include "net/admin.hpp"
#include "net/hand_over.hpp"
#include "net/relay.hpp"
#include "net/renewals.hpp"
#include "ops/config.hpp"
#include "ops/metrics.hpp"
#include "ops/predecessor.hpp"
#include "ops/reload.hpp"
#include "start/start_files.hpp"

namespace lethe::start {

class Service {
 public:
  // Reserves the memory, binds every address, makes every descriptor that will be needed. Where there is a predecessor, its
  // sockets are used. `config` and `log` must outlive this. Throws std::runtime_error with one clear sentence.
  Service(const ops::Config& config, const StartFiles& files, EventLog& log, ops::Predecessor* predecessor = nullptr);

  // Where renewed certificates and settings come from: the broker's socket pair, which is owned from now on, or the files
  // themselves, at each SIGHUP (`reread`: ops/reload.hpp). Before the lock-down; one of them at most.
  void renew_from_broker(int link);
  void renew_at_hangup(std::function<ops::Config()> reread);

  const Arena& arena() const noexcept { return relay_.context().arena; }
  void start_threads() { relay_.start_threads(predecessor_ != nullptr); }
  // Takes what the predecessor holds, where there is one; it ends then. Throws std::runtime_error with one clear sentence: it goes on.
  void take_over();
  // Says in the log what runs here and begins to accept.
  void open(const net::Posture& posture);
  // Until SIGTERM or SIGINT and the end of the drain.
  void run();

 private:
  void report(const net::Posture& posture);
  void await_stop();
  void await_hangup();
  void renew_from_files();
  net::Readiness readiness() const;

  void drain();

  const ops::Config& config_;
  EventLog& log_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  net::asio::io_context front_{1};
  net::Relay relay_;
  ops::Metrics metrics_;
  net::Admin admin_;
  net::HandOver hand_over_;
  ops::Predecessor* predecessor_;
  std::optional<net::Renewals> renewals_;
  std::optional<ops::Reload> reload_;
  net::asio::signal_set stop_;
  std::optional<net::asio::signal_set> hangup_;
  std::uint16_t admin_port_ = 0;
  std::uint16_t port_ = 0;
  bool degraded_ = true;
  bool opened_ = false;
  bool stop_asked_ = false;   // before it was opened
};

}  // namespace lethe::start
