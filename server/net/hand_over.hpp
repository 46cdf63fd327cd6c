#pragma once
// Hands what the relay holds over to its successor: listens on a UNIX socket for another process of the same user, and does what
// base/hand_over.hpp draws, once it is asked. Until the successor has taken it, nothing in the mailboxes changes: where that one
// fails or dies, this relay goes on, whole. Lives on the front thread; must outlive its run.
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/hand_over.hpp"
#include "net/admin.hpp"
#include "net/executor.hpp"
#include "net/relay.hpp"

namespace lethe::net {

// What has moved.
struct HandedOver {
  std::uint64_t entries = 0;   // messages and receipts
  std::uint64_t bytes = 0;     // of payloads, each mailbox counted
};

class HandOver {
 public:
  // `ended`: the successor serves, and all memory here has been overwritten.
  HandOver(asio::io_context& front, Relay& relay, Admin& admin, EventLog& log, std::function<void()> ended);
  HandOver(const HandOver&) = delete;
  HandOver& operator=(const HandOver&) = delete;

  // `name`: «@» and an abstract name, or a path. `inherited`: a socket that listens there already, or -1. Throws
  // std::runtime_error.
  void listen(const std::string& name, int inherited);
  void start();
  // Calls `idle` when no hand-over is under way: at once, or after the one that is has been given up. It is never called where it
  // was too late for that, and the relay ends anyway.
  void stop(std::function<void()> idle);

 private:
  using Protocol = asio::local::stream_protocol;
  using LocalSocket = asio::basic_stream_socket<Protocol, Executor>;
  struct Successor;
  // Why one is refused or fails: the codes of hand_over_refused and hand_over_failed in the log.
  enum class Failure : std::uint32_t { none, other_version, other_user, going_down, gone, too_late, sessions_stay };

  static Task<void> accept(HandOver& hand_over);
  static Task<void> serve(HandOver& hand_over, std::shared_ptr<Successor> successor);
  static Task<bool> greet(HandOver& hand_over, std::shared_ptr<Successor> successor);
  static Task<Failure> move(HandOver& hand_over, std::shared_ptr<Successor> successor);
  static Task<bool> send_all(HandOver& hand_over, std::shared_ptr<Successor> successor);
  static Task<bool> send(std::shared_ptr<Successor> successor, std::span<const std::uint8_t> bytes);
  static Task<bool> hear(std::shared_ptr<Successor> successor, HandOverStep step, seconds patience);
  static Task<bool> hear_anything(std::shared_ptr<Successor> successor);
  HandOverWelcome judge(Successor& successor) const;
  bool answer(Successor& successor, HandOverWelcome welcome);
  void carry_on(Failure failure);
  void leave(const HandedOver& moved);
  void write(Severity severity, Event event, Failure failure);

  asio::io_context& front_;
  Relay& relay_;
  Admin& admin_;
  EventLog& log_;
  std::function<void()> ended_;
  const unsigned user_;                    // the process's; it can't be asked for once it is shut in
  asio::basic_socket_acceptor<Protocol, Executor> acceptor_;
  SteadyTimer pause_;
  StackScrub stack_;
  std::shared_ptr<Successor> successor_;   // of the hand-over that is under way
  std::function<void()> idle_;             // set: it is to be given up
  HandedOver moved_;
};

}  // namespace lethe::net
