#pragma once
// What stands behind Client: drives one connection after the other, and lets the pure parts (Outbox, Acknowledgements,
// SeenIds, Backoff) decide. Callbacks may call every method, and may destroy the Client.
#include <deque>
#include <map>
#include <random>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <lethe/client/client.hpp>

#include "client/acknowledgements.hpp"
#include "client/backoff.hpp"
#include "client/connection.hpp"
#include "client/outbox.hpp"
#include "client/seen_ids.hpp"

namespace lethe::client {

class Client::Core : public std::enable_shared_from_this<Client::Core> {
 public:
  Core(boost::asio::io_context& io, Options options, Events events);

  void start();
  void stop();
  void abandon();  // no callback and no reconnect any more
  MessageId send(Message message, OnResult on_result);
  bool recall(const MessageId& id, const Address& device);
  void update_mailbox(const MailboxSettings& changes);
  bool ping(std::function<void()> on_pong);

  State state() const noexcept { return state_; }
  const RelayLimits& limits() const noexcept { return limits_; }
  std::optional<Epoch> epoch() const { return options_.epoch; }
  const Outbox& outbox() const noexcept { return outbox_; }

 private:
  // The life of connections: core.cpp.
  void dial_now();
  void on_ended(const ConnectionEnd& reason);
  bool is_final(const ConnectionEnd& reason, error_code& error) const;
  void dial_later(const ConnectionEnd& reason, error_code error);
  void finish(error_code error);
  void set_state(State state, error_code error = {});
  void flush();
  void write_sends(Bytes& batch);
  void write_batch(Bytes& batch);
  void write_text(Bytes text) { connection_->write({false, std::move(text)}); }
  void arm_retry();
  double chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  static bool is_sendable(const Message& message);
  void settle(const SendResult& result);

  // What the relay says: core_messages.cpp.
  void on_frame(bool binary, ByteView bytes);
  void on(Hello& hello);
  void on(Ready& ready);
  void on(CaughtUp& caught_up);
  void on(Delivery& delivery);
  void on(Sent& sent);
  void on(Receipt& receipt);
  void on(Recalled& recalled);
  void on(ErrorReply& error);
  void on(Closing& closing);
  void on(Pong& pong);
  void on(Unknown&) {}
  void authenticate(const Hello& hello);
  bool is_relay_name(std::string_view name) const;
  void protocol_failure(Error error);
  void apply(const MessageId& id, Outbox::Outcome outcome);

  // Calls back; false when there is nothing to call, or it threw.
  template <class Function, class... Arguments>
  bool call(const Function& function, const Arguments&... arguments) {
    if (dead_ || !function) return false;
    try {
      if constexpr (std::is_same_v<decltype(function(arguments...)), bool>) return function(arguments...);
      else return function(arguments...), true;
    } catch (...) {
      return false;
    }
  }

  boost::asio::io_context& io_;
  Options options_;
  const Events events_;
  std::shared_ptr<TlsSettings> tls_;
  boost::asio::steady_timer reconnect_timer_, retry_timer_;
  std::minstd_rand random_;

  std::shared_ptr<Connection> connection_;
  State state_ = State::idle;
  RelayLimits limits_;
  Acknowledgements acknowledgements_;
  std::deque<std::function<void()>> pongs_;
  std::optional<seconds> retry_after_;  // of `closing` or `error`
  std::optional<Error> fatal_;          // why this connection's end is the last one
  bool greeted_ = false;                // hello came on this connection

  Outbox outbox_;
  SeenIds seen_;
  Backoff backoff_;
  std::map<MessageId, OnResult> on_results_;
  Monotonic offline_since_{}, online_since_{};
  bool ever_online_ = false;
  bool stopping_ = false;
  bool busy_ = false;                   // within on_frame or flush: flush follows anyway
  bool dead_ = false;
};

}  // namespace lethe::client
