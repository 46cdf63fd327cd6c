#pragma once
// The relay as a whole: the workers and the listener that feeds them. Lives on the front thread, whose io_context accepts
// connections and carries the drain; sessions live on the workers' threads.
#include <boost/asio/basic_socket_acceptor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/renewal.hpp"
#include "base/tally.hpp"
#include "net/accept_from.hpp"
#include "net/executor.hpp"
#include "net/posture.hpp"
#include "net/relay_context.hpp"
#include "net/stack_scrub.hpp"

namespace lethe::net {

class Relay {
 public:
  // Reserves the memory, makes keys and epoch. Throws std::runtime_error with one clear sentence.
  Relay(asio::io_context& front, RelayOptions options, const Limits& limits, identity::Admission admission, EventLog& log);
  ~Relay();

  // Binds the address; returns the port (a free one for 0). Throws std::runtime_error. `inherited`: a socket that listens already,
  // or -1; it is used where it has that address, and closed else.
  std::uint16_t listen(const std::string& address, std::uint16_t port, int inherited = -1);
  // Locks all other memory of the process, too, and says so where that can't be. Before the threads start.
  void lock_memory();
  // Starts the threads. Nobody is served yet. Resting ones leave their engines to the front thread until `go_on`.
  void start_threads(bool resting = false);
  // Accepts connections from now on, and tells whoever asks what was verified.
  void open(const Posture& posture);
  // For the connections that come from now on; those that there are keep theirs. Says in the log what has come of it.
  // Precondition: there is TLS. Front thread.
  void renew(std::string certificate, std::string key);
  // The limits that can change while it runs, and what is logged; says so in the log. Front thread.
  void adopt(const Settings& settings);
  // Ends it in order: `closing` to every session, acknowledgements in flight awaited for drain_acks, newcomers answered 503
  // meanwhile; then `done` with the number of undelivered messages that are given up. The payloads are overwritten by then, and
  // the arena has been examined: all of it must be zero (event arena_audited: bytes examined, and count: dirty blocks).
  void drain(std::function<void(std::uint64_t given_up)> done);

  // The parts of a hand-over, on the front thread (net/hand_over.hpp says when).
  // Accepts nobody more, sends every session away, as a drain does but for no longer than pause_acks, and waits for the end of all
  // that they have begun. Afterwards the threads rest: what they hold is the front thread's. False where a session stays.
  static Task<bool> pause(Relay& relay);
  // Serves again, from what there is.
  void resume();
  // The threads have what they hold back.
  void go_on();
  // Overwrites everything and ends the threads. Returns how many messages and receipts that were.
  std::uint64_t end();
  int listener() noexcept { return acceptor_.native_handle(); }

  RelayContext& context() noexcept { return context_; }
  const RelayContext& context() const noexcept { return context_; }
  // The counters of each thread; valid while this lives.
  std::vector<const Tally*> tallies() const;

 private:
  using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
  static Task<void> accept(Relay& relay);
  static Task<void> await_sessions(Relay& relay, std::chrono::steady_clock::duration acks);
  static Task<void> drain_and_end(Relay& relay, std::function<void(std::uint64_t)> done);
  static Task<void> await_accept(Relay& relay);
  // All that was posted to any thread so far has been done.
  static Task<void> pass_threads(Relay& relay);
  // Whoever waits. An error: there is no descriptor, or no memory, for the next one.
  error_code accept_all();
  void welcome(Accepted accepted, Worker& worker);
  void stop_workers();
  void audit_arena();

  asio::io_context& front_;
  RelayContext context_;
  Acceptor acceptor_;
  SteadyTimer accept_pause_;
  StackScrub stack_;         // of the front thread
  bool accepting_ = false;   // `accept` is under way
  std::size_t next_worker_ = 0;
  bool paused_ = false;
  SteadyTimer drain_timer_;
};

}  // namespace lethe::net
