#include "start/run.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>

#include "net/openssl_memory.hpp"
#include "net/warm_up.hpp"
#include "ops/broker.hpp"
#include "ops/event_log.hpp"
#include "ops/pem_files.hpp"
#include "ops/pipe_event_log.hpp"
#include "ops/predecessor.hpp"
#include "ops/process_pair.hpp"
#include "ops/start_report.hpp"
#include "start/broker_confinement.hpp"
#include "start/lockdown_advice.hpp"
#include "start/relay_confinement.hpp"
#include "start/service.hpp"

namespace lethe::start {
namespace {

using Files = std::unique_ptr<const StartFiles>;   // so that they can be overwritten as soon as they have been used
using Predecessor = std::unique_ptr<ops::Predecessor>;

constexpr char confined_mark = 'c';
constexpr char unconfined_mark = 'u';

void use_openssl() {
  if (!net::wipe_openssl_memory()) throw std::runtime_error{"OpenSSL's memory can't be overwritten on release"};
  if (!net::start_openssl()) throw std::runtime_error{"OpenSSL can't be used"};
}

lockdown::CleanStart start_clean(bool strict, char* const* arguments, char** environment) {
  const Result<lockdown::CleanStart> clean = lockdown::clean_start(arguments, environment);
  if (clean) return *clean;
  if (strict) throw std::runtime_error{advice("clean-start", clean.error().message())};
  return {};
}

// Why the broker can't do its work with what it has left; empty: it can.
std::string broker_fault(const ops::TlsConfig& tls, const std::string& missing) {
  if (!missing.empty()) return advice("broker-" + missing, {});
  if (tls.certificate.empty()) return {};
  const Result<ops::PemFiles> files = ops::read_pem_files(tls);
  if (files) return {};
  return advice("broker-capabilities", files.error().message(),
                "without them the program's user or groups must be allowed to read tls.certificate and tls.key");
}

[[noreturn]] void end_relay(pid_t relay, const std::string& sentence) {
  ::kill(relay, SIGKILL);
  ::waitpid(relay, nullptr, 0);
  throw std::runtime_error{sentence};
}

int run_broker(const ops::Config& config, ops::BrokerEnd end) {
  ::prctl(PR_SET_NAME, "lethe-broker");
  const std::string fault = broker_fault(config.tls, confine_broker(certificate_directories(config.tls), end.relay));
  if (!fault.empty() && config.lockdown == ops::LockdownMode::strict) end_relay(end.relay, fault);
  const char mark = fault.empty() ? confined_mark : unconfined_mark;
  (void)::send(end.link.get(), &mark, 1, MSG_NOSIGNAL);
  return ops::Broker{config, std::move(end), STDOUT_FILENO, STDERR_FILENO}.run();
}

bool broker_is_confined(int link) {
  char mark = 0;
  return ::recv(link, &mark, 1, MSG_WAITALL) == 1 && mark == confined_mark;
}

unsigned level_of(const Protections& protections, bool broker, const Arena& arena) {
  if (!protections.complete() || !broker || !arena.locked()) return 1;
  return arena.secret() ? 3 : 2;
}

// Its own end of the link is needed until it has started; the other end of renewals goes to the service.
int second_link(int link) {
  const int second = ::fcntl(link, F_DUPFD_CLOEXEC, 3);
  if (second < 0) throw std::runtime_error{"the link to the broker can't be had twice"};
  return second;
}

void serve(const ops::Config& config, Files files, Predecessor predecessor, const lockdown::CleanStart& clean, const ops::RelayEnd& end) {
  const bool broker = broker_is_confined(end.link.get());
  use_openssl();
  ops::PipeEventLog log{end.log.get(), config.log.level};
  Service service{config, *files, log, predecessor.get()};
  files.reset();
  service.renew_from_broker(second_link(end.link.get()));
  RelayConfinement confinement{config.lockdown, clean, end.log.get()};
  confinement.confine();
  service.start_threads();
  const Protections protections = confinement.seal();
  service.take_over();
  ops::report_started(end.link.get());
  service.open({protections, broker, level_of(protections, broker, service.arena())});
  service.run();
}

int run_relay(const ops::Config& config, Files files, Predecessor predecessor, const lockdown::CleanStart& clean, const ops::RelayEnd& end) {
  try {
    serve(config, std::move(files), std::move(predecessor), clean, end);
    return 0;
  } catch (const std::exception& failure) {
    ops::report_failure(end.link.get(), failure.what());
    return 1;
  }
}

}  // namespace

int run_locked_down(const ops::Config& config, char* const* arguments, char** environment) {
  const bool strict = config.lockdown == ops::LockdownMode::strict;
  const lockdown::CleanStart clean = start_clean(strict, arguments, environment);
  auto files = std::make_unique<const StartFiles>(read_start_files(config));
  auto predecessor = ops::find_predecessor(config.hand_over, config.take_over);
  auto end = ops::split_process();
  if (const auto* const relay = std::get_if<ops::RelayEnd>(&end)) {
    return run_relay(config, std::move(files), std::move(predecessor), clean, *relay);
  }
  files.reset();   // the broker has no use for them until they are renewed
  predecessor.reset();
  return run_broker(config, std::get<ops::BrokerEnd>(std::move(end)));
}

int run_alone(const ops::Config& config) {
  use_openssl();
  ops::SpdlogEventLog log{config.log};
  const Predecessor predecessor = ops::find_predecessor(config.hand_over, config.take_over);
  Service service{config, read_start_files(config), log, predecessor.get()};
  service.renew_at_hangup();
  service.start_threads();
  service.take_over();
  service.open({});
  service.run();
  return 0;
}

}  // namespace lethe::start
