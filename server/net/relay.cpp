#include "net/relay.hpp"

#include <algorithm>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "base/memory_lock.hpp"
#include "net/heap_allocator.hpp"
#include "net/inherited_socket.hpp"
#include "net/memory_budget.hpp"
#include "net/start_session.hpp"
#include "net/well_known.hpp"
#include "net/worker.hpp"
#include "net/workers.hpp"

namespace lethe::net {
namespace {

constexpr std::chrono::milliseconds accept_pause{100};
constexpr int most_at_once = 64;   // before the front thread sees to its other work

}  // namespace

Relay::Relay(asio::io_context& front, RelayOptions options, const Limits& limits, identity::Admission admission, EventLog& log)
    : front_{front},
      context_{std::move(options), limits, std::move(admission), log},
      acceptor_{front},
      accept_pause_{front},
      drain_timer_{front} {
  std::vector<Shard> shards;
  for (unsigned index = 0; index < context_.options.threads; ++index) {
    Worker& worker = *context_.workers.emplace_back(std::make_unique<Worker>(index, context_));
    shards.push_back({&worker.engine(), &worker.courier()});
  }
  for (const auto& worker : context_.workers) worker->mailboxes().connect(shards);
}

Relay::~Relay() { stop_workers(); }

// Sessions and messages cross between threads: all threads end before what they left each other is seen to, and before any
// worker goes. Twice, because an answer may have to go back.
void Relay::stop_workers() {
  for (const auto& worker : context_.workers) worker->stop();
  for (int round = 0; round < 2; ++round) {
    for (const auto& worker : context_.workers) worker->run_leftovers();
  }
}

std::uint16_t Relay::listen(const std::string& address, std::uint16_t port, int inherited) {
  error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (error) throw std::runtime_error{"listen: the address must be numeric"};
  const tcp::endpoint endpoint{parsed, port};
  if (!assign_inherited(acceptor_, endpoint, inherited)) {
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Acceptor::reuse_address{true}, error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(Acceptor::max_listen_connections, error);
  }
  if (!error) acceptor_.native_non_blocking(true, error);
  if (!error) acceptor_.set_option(tcp::no_delay{true}, error);   // its connections have it from it (tcp(7))
  if (error) throw std::runtime_error{"listen: port " + std::to_string(port) + " can't be had: " + error.message()};
  return acceptor_.local_endpoint().port();
}

void Relay::lock_memory() {
  const RelayOptions& options = context_.options;
  if (options.arena.locking == MemoryLocking::off) return;
  const ByteCount to_come = memory_to_come(context_.limits, context_.arena.size(), options.threads);
  EventFields fields;
  fields.bytes = lock_limit_needed(to_come);
  context_.all_locked = lock_all_memory(to_come) != LockedMemory::refused;
  if (context_.all_locked) return;
  context_.log.write(Severity::warning, Event::partly_locked_memory, fields);
}

void Relay::start_threads(bool resting) {
  for (const auto& worker : context_.workers) {
    if (resting) worker->rest();
    worker->start();
  }
}

void Relay::open(const Posture& posture) {
  context_.well_known = describe(context_, posture);
  accepting_ = true;
  asio::co_spawn(front_, accept(*this), asio::detached);
}

void Relay::renew(std::string certificate, std::string key) {
  TlsOptions options = context_.options.tls;
  options.certificate = std::move(certificate);
  options.key = std::move(key);
  const TlsContext::Renewed renewed = TlsContext::renewed(options);
  options.forget_pem();
  if (!renewed) {
    EventFields fields;
    fields.code = static_cast<std::uint32_t>(renewed.error());
    return context_.log.write(Severity::error, Event::certificate_rejected, fields);
  }
  context_.tls = *renewed;
  // A connection that is accepted later comes to its worker behind this.
  for_each_worker(context_, [fresh = *renewed](Worker& worker) { worker.use(fresh); });
  context_.log.write(Severity::info, Event::certificate_reloaded);
}

Task<void> Relay::accept(Relay& relay) {
  constexpr auto readable = Acceptor::wait_read;
  bool failing = false;
  while (!relay.paused_) {
    co_await relay.acceptor_.async_wait(readable, use_task);
    if (!relay.acceptor_.is_open() || relay.paused_) break;
    const error_code error = relay.accept_all();
    if (error.failed() != failing) {
      EventFields fields;
      if (error) fields.error = error;
      if (error) relay.context_.log.write(Severity::warning, Event::accept_failed, fields);
      else relay.context_.log.write(Severity::info, Event::accept_resumed);
    }
    failing = error.failed();
    if (!failing) continue;
    // Most likely out of descriptors: wait for some to come back instead of spinning.
    relay.accept_pause_.expires_after(accept_pause);
    co_await relay.accept_pause_.async_wait(use_task);
  }
  relay.accepting_ = false;
}

error_code Relay::accept_all() {
  for (int turn = 0; turn < most_at_once; ++turn) {
    Result<Accepted> accepted = accept_from(acceptor_.native_handle());
    if (!accepted) return accepted.error() == asio::error::would_block ? error_code{} : accepted.error();
    welcome(std::move(*accepted), *context_.workers[next_worker_++ % context_.workers.size()]);
  }
  return {};
}

void Relay::welcome(Accepted accepted, Worker& worker) {
  stack_.due(front_.get_executor());   // the client's address stays nowhere
  const auto peer = accepted.peer;
  Arrival arrival{std::move(accepted.socket), peer};
  if (!context_.proxies.trusts(peer)) {
    arrival.answer = context_.sources.admit(SourcePrefix{raw_bytes(peer), context_.hash}, clock_now().mono);
    arrival.judged = true;
    if (arrival.answer.welcome == Welcome::flood) return;
  }
  auto start = [&worker, arrival = std::move(arrival)]() mutable { start_session(worker, std::move(arrival)); };
  asio::post(worker.context(), asio::bind_allocator(HeapAllocator<void>{}, std::move(start)));
}

void Relay::adopt(const Settings& settings) {
  context_.sources.adopt(settings.limits.session, clock_now().mono);
  // What comes to a worker later comes behind this.
  for_each_worker(context_, [limits = settings.limits](Worker& worker) { worker.adopt(limits); });
  context_.log.set_least(settings.level);
  EventFields fields;
  fields.count = settings.changed;
  context_.log.write(Severity::info, Event::settings_reloaded, fields);
}

std::vector<const Tally*> Relay::tallies() const {
  std::vector<const Tally*> result;
  for (const auto& worker : context_.workers) result.push_back(&worker->tally());
  return result;
}

}  // namespace lethe::net
