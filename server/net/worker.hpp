#pragma once
// One thread of the relay: an io_context, a shard of the mailboxes, scratch memory and the sessions that live here. Nothing
// in it is locked; other threads reach it by `post` to its context (or read its tally).
#include <boost/asio/io_context.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "base/arena.hpp"
#include "base/tally.hpp"
#include "base/thread.hpp"
#include "identity/invite_cache.hpp"
#include "mailbox/memory_mailboxes.hpp"
#include "net/executor.hpp"
#include "net/live_session.hpp"
#include "net/readiness.hpp"
#include "net/relay_context.hpp"
#include "net/scratch.hpp"
#include "net/sharded_mailboxes.hpp"
#include "session/conversation.hpp"
#include "wire/decoder.hpp"

namespace lethe::net {

class Worker {
 public:
  Worker(unsigned index, RelayContext& relay);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // The thread runs until `stop`.
  void start();
  // While it rests, its engine and its share of the arena are not touched by its thread, which has no session then: they are the
  // front thread's, which gets them and gives them back by `post`. Before `start`, or on the thread.
  void rest() noexcept { resting_ = true; }
  void go_on() noexcept { resting_ = false; }
  // Ends every session, lets the thread run out of work and joins it; from another thread.
  void stop();
  bool stopping() const noexcept { return stopping_; }
  // What other threads posted here as this one ended. Once all have ended, on the thread that ended them.
  void run_leftovers();
  // Overwrites what is undelivered; returns how many messages that were. After run_leftovers; the engine is gone then.
  std::uint64_t give_up();

  void add(LiveSession& session) { sessions_.insert(&session); }
  void remove(LiveSession& session) { sessions_.erase(&session); }
  std::size_t sessions() const noexcept { return sessions_.size(); }
  // `session` gets its turn to write (LiveSession::pump) when the events that have come are handled.
  void list(std::shared_ptr<LiveSession> session);
  // A message has come, of any session: more may follow it.
  void count_message() noexcept { ++messages_; }
  // Every session begins to drain, each with its own jittered retry_after.
  void drain();
  // The drain has waited long enough.
  void finish_sessions();
  // Ends every session now.
  void abort_sessions();
  // Makes room in the transit budget: ends the sixteenth part (at least one) of the stalled sessions, those that have
  // stalled longest. False where it ended none but, perhaps, `asking`: that one knows best how to go.
  bool evict_stalled(const LiveSession* asking);

  // The TLS of the connections that come; null: plaintext. On the worker's thread.
  const std::shared_ptr<TlsContext>& tls() const noexcept { return tls_; }
  void use(std::shared_ptr<TlsContext> renewed) noexcept { tls_ = std::move(renewed); }

  // This thread's own copy: what its sessions and mailboxes go by. Of what Settings may change; the rest is the relay's, too.
  const Limits& limits() const noexcept { return limits_; }
  void adopt(const Limits& changed) noexcept { limits_ = changed; }

  unsigned index() const noexcept { return index_; }
  boost::asio::io_context& context() noexcept { return context_; }
  Executor executor() noexcept { return context_.get_executor(); }
  Readiness& readiness() noexcept { return readiness_; }
  RelayContext& relay() noexcept { return relay_; }
  ScratchPool& scratch() noexcept { return scratch_; }
  Courier& courier() noexcept { return courier_; }
  wire::Decoder& decoder() noexcept { return decoder_; }
  Tally& tally() noexcept { return tally_; }
  mailbox::MemoryMailboxes& engine() noexcept { return *engine_; }
  ShardedMailboxes& mailboxes() noexcept { return mailboxes_; }
  const session::Services& services() const noexcept { return services_; }

 private:
  static Task<void> tick(Worker& worker);
  void care_for_memory(Instant now);
  void tidy_heap();
  void audit_arena();
  void pump_listed();
  void tick_sessions(unsigned turn, Instant now);

  unsigned index_;
  RelayContext& relay_;
  Limits limits_;
  std::shared_ptr<TlsContext> tls_;
  boost::asio::io_context context_{1};
  Readiness readiness_{context_};
  boost::asio::executor_work_guard<Executor> work_;
  Tally tally_;
  ScratchPool scratch_;
  Courier courier_;
  wire::Decoder decoder_;
  identity::InviteCache invites_;
  ShardedMailboxes mailboxes_;
  std::optional<mailbox::MemoryMailboxes> engine_;
  session::Services services_;
  boost::unordered_flat_set<LiveSession*> sessions_;
  std::vector<std::shared_ptr<LiveSession>> listed_;
  std::uint64_t messages_ = 0;         // that have come
  std::uint64_t messages_seen_ = 0;    // by the last look at the list
  int patience_ = 0;                   // rounds that the list may still wait
  bool busy_ = false;                  // messages have come since it began
  bool too_early_ = false;             // what has come meanwhile stands behind it in the queue
  std::vector<std::shared_ptr<LiveSession>> pumped_;   // memory kept from turn to turn
  SteadyTimer timer_;
  bool stopping_ = false;
  bool resting_ = false;
  Monotonic last_tick_{};
  std::uint64_t changes_seen_ = 0;     // handshakes and ends, at the last tick
  std::uint64_t changes_tidied_ = 0;   // and when the heap was last returned
  Thread thread_;
};

}  // namespace lethe::net
