#include "net/worker.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <span>
#include <utility>
#include <vector>

#include "base/heap.hpp"
#include "net/frame_queue.hpp"

namespace lethe::net {
namespace {

constexpr std::chrono::milliseconds tick_interval{250};
constexpr int most_patience = 16;
constexpr std::size_t crowd = 4'096;   // sessions

// Holds the largest delivery of either encoding: base64url takes four bytes for three, the JSON around it less than 512.
std::size_t lease_size(const Limits& limits) {
  const std::size_t batch = FrameQueue::batch_limit + limits.message.payload + 512;
  const std::size_t text = limits.message.payload * 4 / 3 + 1'024;
  return std::max(batch, text);
}

}  // namespace

Worker::Worker(unsigned index, RelayContext& relay)
    : index_{index},
      relay_{relay},
      limits_{relay.limits},
      tls_{relay.tls},
      work_{context_.get_executor()},
      scratch_{relay.transit, lease_size(relay.limits)},
      courier_{index, context_, scratch_.stack()},
      decoder_{limits_},
      invites_{relay.hash, relay.limits.relay.invites / relay.options.threads},
      mailboxes_{index, relay.hash},
      engine_{std::in_place, limits_, relay.budget, relay.hash, tally_, mailboxes_},
      services_{limits_, relay.epoch, relay.arena.shard(index), mailboxes_, invites_, relay.hash, tally_},
      timer_{context_} {
  scratch_.when_short([this] { return evict_stalled(nullptr); });
}

Worker::~Worker() { stop(); }

void Worker::start() {
  asio::co_spawn(context_, tick(*this), asio::detached);
  thread_ = Thread{[this] { context_.run(); }};
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    stopping_ = true;
    abort_sessions();
    timer_.cancel();
    work_.reset();
  });
  thread_.join();
}

void Worker::run_leftovers() {
  context_.restart();
  context_.poll();
}

std::uint64_t Worker::give_up() {
  const std::uint64_t messages = engine_->occupancy().messages;
  engine_.reset();
  return messages;
}

void Worker::abort_sessions() {
  for (LiveSession* session : sessions_) session->abort();
}

void Worker::care_for_memory(Instant now) {
  engine_->sweep(now);
  relay_.arena.shard(index_).reclaim();
  audit_arena();
}

void Worker::audit_arena() {
  const ArenaAudit seen = relay_.arena.shard(index_).audit();
  tally_.arena_audited.add(seen.blocks);
  tally_.arena_dirty.add(seen.dirty);
}

// In a crowd a quarter of them a turn: looking at each costs a wait for memory.
void Worker::tick_sessions(unsigned turn, Instant now) {
  const bool crowded = sessions_.size() > crowd;
  for (LiveSession* const session : sessions_) {
    const std::uint64_t mixed = reinterpret_cast<std::uintptr_t>(session) * 0x9e37'79b9'7f4a'7c15U;
    if (!crowded || mixed >> 62 == turn % 4) session->tick(now);
  }
}

void Worker::list(std::shared_ptr<LiveSession> session) {
  listed_.push_back(std::move(session));
  if (listed_.size() > 1) return;
  patience_ = most_patience;
  busy_ = false;
  messages_seen_ = messages_;
  asio::post(context_, [this] { pump_listed(); });
}

// Sessions that have more input go on for a few rounds first: what it leads to leaves together.
void Worker::pump_listed() {
  const bool more = std::exchange(messages_seen_, messages_) != messages_;
  busy_ = busy_ || more;
  const bool too_early = std::exchange(too_early_, false);
  if (too_early || (more && patience_-- > 0)) return asio::post(context_, [this] { pump_listed(); });
  const bool busy = busy_;
  pumped_.swap(listed_);   // whoever is listed meanwhile has the next turn
  for (const std::shared_ptr<LiveSession>& session : pumped_) session->pump(busy);
  pumped_.clear();
  too_early_ = !listed_.empty();
}

// After sessions have come or gone, the heap holds what their handshakes left: returned once it has been quiet for a while.
void Worker::tidy_heap() {
  const std::uint64_t changes = tally_.handshakes.value() + tally_.sessions_closed.value();
  if (changes == changes_seen_ && changes != changes_tidied_) {
    changes_tidied_ = changes;
    return_free_heap();
  }
  changes_seen_ = changes;
}

Task<void> Worker::tick(Worker& worker) {
  for (unsigned turn = 0;; ++turn) {
    worker.timer_.expires_after(tick_interval);
    auto waited = co_await worker.timer_.async_wait(use_task);
    // One that has run out when `stop` cancels it comes without an error.
    if (std::get<0>(waited) || worker.stopping_) co_return;
    const Instant now = clock_now();
    worker.last_tick_ = now.mono;
    if (!worker.resting_) worker.care_for_memory(now);
    worker.tick_sessions(turn, now);
    if (turn % 4 == 0) worker.tidy_heap();
    worker.scratch_.stack().due(worker.executor());
  }
}

void Worker::drain() {
  for (LiveSession* session : sessions_) session->drain(relay_.retry_after(), clock_now());
}

void Worker::finish_sessions() {
  for (LiveSession* session : sessions_) session->finish();
}

bool Worker::evict_stalled(const LiveSession* asking) {
  struct Stalled {
    Monotonic since;
    LiveSession* session;
  };
  std::vector<Stalled> stalled;
  for (LiveSession* session : sessions_) {
    if (const auto since = session->stalled_since(last_tick_)) stalled.push_back({*since, session});
  }
  const std::size_t going = (stalled.size() + 15) / 16;
  const auto last = stalled.begin() + static_cast<std::ptrdiff_t>(going);
  std::ranges::nth_element(stalled, last, {}, &Stalled::since);
  bool ended = false;
  for (const Stalled& each : std::span{stalled}.first(going)) {
    if (each.session == asking) continue;
    tally_.closings[static_cast<std::size_t>(wire::CloseReason::slow)].add();
    each.session->abort();
    ended = true;
  }
  return ended;
}

}  // namespace lethe::net
