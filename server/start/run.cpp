#include "start/run.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>

#include "doctor/doctor.hpp"
#include "net/openssl_memory.hpp"
#include "net/warm_up.hpp"
#include "ops/broker.hpp"
#include "ops/event_log.hpp"
#include "ops/pem_files.hpp"
#include "ops/pipe_event_log.hpp"
#include "ops/predecessor.hpp"
#include "ops/process_pair.hpp"
#include "ops/start_report.hpp"
#include "ops/startup.hpp"
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

// How much of this host breaks the promise; strict, a start on such a host fails.
std::uint64_t unfitness(const ops::Config& config) {
  if (config.host_check == ops::HostCheck::off) return 0;
  const doctor::Unfit unfit = doctor::look_at_host(config);
  if (unfit.count > 0 && config.host_check == ops::HostCheck::strict) throw std::runtime_error{"host_check: " + unfit.sentence};
  return unfit.count;
}

void report_host(EventLog& log, std::uint64_t unfit) {
  EventFields fields;
  fields.count = unfit;
  if (unfit > 0) log.write(Severity::warning, Event::unfit_host, fields);
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

// The start's own words, which a reload takes again with the file as it is then.
struct StartWords {
  char* const* arguments;
  char** environment;

  int count() const {
    int number = 0;
    while (arguments[number] != nullptr) ++number;
    return number;
  }
  std::string file() const { return ops::configuration_file(count(), arguments, environment); }
  // Empty where there is nothing that could have changed.
  std::function<ops::Config()> reread() const {
    if (file().empty()) return {};
    return [words = *this] { return ops::configuration(words.count(), words.arguments, words.environment); };
  }
};

int run_broker(const ops::Config& config, const StartWords& words, ops::BrokerEnd end) {
  ::prctl(PR_SET_NAME, "lethe-broker");
  const std::vector<std::string> certificates = directories_of({config.tls.certificate, config.tls.key});
  ops::RenewalSources sources{{config.tls, certificates, ops::CertificateWatch::Clock::now()}, words.reread()};
  const auto readable = directories_of({config.tls.certificate, config.tls.key, words.file()});
  const std::string fault = broker_fault(config.tls, confine_broker(readable, end.relay));
  if (!fault.empty() && config.lockdown == ops::LockdownMode::strict) end_relay(end.relay, fault);
  const char mark = fault.empty() ? confined_mark : unconfined_mark;
  (void)::send(end.link.get(), &mark, 1, MSG_NOSIGNAL);
  return ops::Broker{config, std::move(sources), std::move(end), STDOUT_FILENO, STDERR_FILENO}.run();
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

struct Beginning {
  lockdown::CleanStart clean;
  std::uint64_t unfit = 0;   // findings about the host
};

void serve(const ops::Config& config, Files files, Predecessor predecessor, const Beginning& beginning, const ops::RelayEnd& end) {
  const bool broker = broker_is_confined(end.link.get());
  use_openssl();
  ops::PipeEventLog log{end.log.get(), config.log.level};
  Service service{config, *files, log, predecessor.get()};
  files.reset();
  service.renew_from_broker(second_link(end.link.get()));
  RelayConfinement confinement{config.lockdown, beginning.clean, end.log.get()};
  confinement.confine();
  service.start_threads();
  const Protections protections = confinement.seal();
  service.take_over();
  ops::report_started(end.link.get());
  report_host(log, beginning.unfit);
  service.open({protections, broker, level_of(protections, broker, service.arena())});
  service.run();
}

int run_relay(const ops::Config& config, Files files, Predecessor predecessor, const Beginning& beginning, const ops::RelayEnd& end) {
  try {
    serve(config, std::move(files), std::move(predecessor), beginning, end);
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
  const Beginning beginning{clean, unfitness(config)};
  auto files = std::make_unique<const StartFiles>(read_start_files(config));
  auto predecessor = ops::find_predecessor(config.hand_over, config.take_over);
  auto end = ops::split_process();
  if (const auto* const relay = std::get_if<ops::RelayEnd>(&end)) {
    return run_relay(config, std::move(files), std::move(predecessor), beginning, *relay);
  }
  files.reset();   // the broker has no use for them until they are renewed
  predecessor.reset();
  return run_broker(config, {arguments, environment}, std::get<ops::BrokerEnd>(std::move(end)));
}

int run_alone(const ops::Config& config, char* const* arguments, char** environment) {
  const std::uint64_t unfit = unfitness(config);
  use_openssl();
  ops::SpdlogEventLog log{config.log};
  const Predecessor predecessor = ops::find_predecessor(config.hand_over, config.take_over);
  Service service{config, read_start_files(config), log, predecessor.get()};
  service.renew_at_hangup(StartWords{arguments, environment}.reread());
  service.start_threads();
  service.take_over();
  report_host(log, unfit);
  service.open({});
  service.run();
  return 0;
}

}  // namespace lethe::start
