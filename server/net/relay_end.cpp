// How a relay comes to its end, or to the point where another process could go on with what it holds.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "net/relay.hpp"
#include "net/workers.hpp"

namespace lethe::net {
namespace {

constexpr std::chrono::milliseconds drain_step{20};
constexpr std::chrono::seconds farewell{1};
// What is not acknowledged by then is delivered again, by the successor.
constexpr std::chrono::seconds pause_acks{2};
constexpr std::chrono::seconds longest_abort{5};
// A send may go to another thread, its receipt to a third, its answer back; each waits once for its courier.
constexpr int longest_way = 8;

}  // namespace

void Relay::drain(std::function<void(std::uint64_t)> done) {
  context_.draining = true;
  stack_.due(front_.get_executor());   // the signal has left the registers there, with what they last held
  for_each_worker(context_, [](Worker& worker) { worker.drain(); });
  asio::co_spawn(front_, drain_and_end(*this, std::move(done)), asio::detached);
}

Task<void> Relay::drain_and_end(Relay& relay, std::function<void(std::uint64_t)> done) {
  const std::chrono::steady_clock::duration acks = relay.context_.options.drain_acks;
  co_await await_sessions(relay, acks);
  error_code ignored;
  relay.acceptor_.close(ignored);
  co_await await_accept(relay);
  done(relay.end());
}

// Until they have gone, or been told to and had their time.
Task<void> Relay::await_sessions(Relay& relay, std::chrono::steady_clock::duration acks) {
  auto now = std::chrono::steady_clock::now();
  const auto patience = now + acks;
  auto end = patience + farewell;
  bool finishing = false;
  bool waits_for_answers = false;
  while (relay.context_.connections > 0 && now < end) {
    if (!finishing && now >= patience) {
      finishing = true;
      for_each_worker(relay.context_, [](Worker& worker) { worker.finish_sessions(); });
    }
    // Who is still being told to come back later gets that far, but newcomers must not hold up the end.
    if (!waits_for_answers && relay.context_.sessions == 0) {
      waits_for_answers = true;
      end = std::min(end, now + farewell);
    }
    relay.drain_timer_.expires_after(drain_step);
    co_await relay.drain_timer_.async_wait(use_task);
    now = std::chrono::steady_clock::now();
  }
}

// It hands connections to the workers, and must not outlive them.
Task<void> Relay::await_accept(Relay& relay) {
  relay.accept_pause_.cancel();
  while (relay.accepting_) {
    const Executor executor = relay.front_.get_executor();
    co_await asio::post(executor, use_task);
  }
}

Task<void> Relay::pass_threads(Relay& relay) {
  for (int way = 0; way < longest_way; ++way) {
    for (const auto& worker : relay.context_.workers) {
      const Executor executor = worker->executor();
      co_await asio::post(executor, use_task);
    }
  }
}

Task<bool> Relay::pause(Relay& relay) {
  relay.context_.handing_over = true;
  relay.context_.draining = true;
  relay.paused_ = true;
  error_code ignored;
  relay.acceptor_.cancel(ignored);
  co_await await_accept(relay);
  // Whom it accepted last has a session behind this.
  co_await pass_threads(relay);
  for_each_worker(relay.context_, [](Worker& worker) { worker.drain(); });
  const std::chrono::steady_clock::duration acks = std::min<std::chrono::seconds>(relay.context_.options.drain_acks, pause_acks);
  co_await await_sessions(relay, acks);
  const auto end = std::chrono::steady_clock::now() + longest_abort;
  while (relay.context_.connections > 0) {
    if (std::chrono::steady_clock::now() >= end) co_return false;
    for_each_worker(relay.context_, [](Worker& worker) { worker.abort_sessions(); });
    relay.drain_timer_.expires_after(drain_step);
    co_await relay.drain_timer_.async_wait(use_task);
  }
  for_each_worker(relay.context_, [](Worker& worker) { worker.rest(); });
  co_await pass_threads(relay);
  co_return true;
}

void Relay::go_on() {
  for_each_worker(context_, [](Worker& worker) { worker.go_on(); });
}

void Relay::resume() {
  go_on();
  context_.draining = false;
  context_.handing_over = false;
  paused_ = false;
  accepting_ = true;
  asio::co_spawn(front_, accept(*this), asio::detached);
}

std::uint64_t Relay::end() {
  error_code ignored;
  acceptor_.close(ignored);
  stop_workers();
  std::uint64_t given_up = 0;
  for (const auto& worker : context_.workers) given_up += worker->give_up();
  audit_arena();
  return given_up;
}

// No message is left, so all of the arena is free.
void Relay::audit_arena() {
  const ArenaAudit seen = context_.arena.audit();
  Tally& tally = context_.workers.front()->tally();
  tally.arena_audited.add(seen.blocks);
  tally.arena_dirty.add(seen.dirty);
  EventFields fields;
  fields.bytes = context_.arena.size() - context_.arena.used();
  fields.count = seen.dirty;
  context_.log.write(seen.dirty > 0 ? Severity::error : Severity::info, Event::arena_audited, fields);
}

}  // namespace lethe::net
