#pragma once
// One client connection: TLS, the HTTP upgrade, the greeting, and then a reader and a writer until either ends.
//
// Threads: it begins on the thread that accepted it and moves, once, to the thread of its mailbox's shard. It lives as long
// as one of its coroutines runs; ending is closing the socket, which ends both.
//
// Memory: an idle session keeps `first_`, Beast's stream and the TLS object. A message longer than `first_` is put
// together in leased scratch memory; what is sent is encoded in leased scratch memory. Both are overwritten at once.
#include <boost/asio/cancellation_signal.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <optional>

#include "net/batch.hpp"
#include "net/frame_queue.hpp"
#include "net/start_session.hpp"
#include "net/transport.hpp"
#include "net/turn.hpp"
#include "net/wake.hpp"
#include "net/worker.hpp"
#include "session/conversation.hpp"
#include "session/vigil.hpp"

namespace lethe::net {

namespace websocket = boost::beast::websocket;

class Session final : public std::enable_shared_from_this<Session>,
                      public LiveSession,
                      public session::Outbox,
                      private wire::ClientMessages,
                      private wire::Decoder::Faults {
 public:
  Session(Worker& worker, Arrival arrival);
  ~Session() override;
  // Begins; called once, on the worker's thread.
  void start();

  void tick(Instant now) override;
  void drain(seconds retry_after, Instant now) override;
  void finish() override;
  void abort() override;
  void pump(bool busy) override;
  std::optional<Monotonic> stalled_since(Monotonic last_tick) const override;

  void push(const wire::ServerMessage& message) override;
  void push(const wire::Sent& message) override;
  void wake() override;
  void close(const wire::Closing& closing) override;

 private:
  using Stream = websocket::stream<Transport, false>;
  using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;
  enum class Wrote { something, nothing, failed };

  // The coroutines; each holds the session alive.
  static Task<void> serve(std::shared_ptr<Session> self);
  static Task<void> read(std::shared_ptr<Session> self);
  static Task<void> write(std::shared_ptr<Session> self);
  // Says what is to be said and closes, while the greeting still waits for its client.
  static Task<void> part(std::shared_ptr<Session> self);
  // Sends the ping that is due, while the greeting waits.
  static Task<void> remind(std::shared_ptr<Session> self);
  // Their parts.
  Task<bool> shake_hands();
  Task<void> upgrade();
  Task<bool> read_request(std::optional<Request>& request, UpgradeDecision& decision);
  Task<void> refuse(Refused refused);
  Task<void> reply(Response response);
  Task<void> take_leave();
  Task<void> accept(const Request& request, wire::Encoding encoding);
  // session_demo.cpp
  Task<void> answer_demo(std::optional<Request>& request, UpgradeDecision decision);
  Task<void> answer_file(const DemoFile& file, bool head);
  std::optional<Address> owner_of(const Request& request) const;
  Task<void> answer_status(std::optional<Address> owner);
  Task<void> greet();
  Task<bool> receive();
  Task<bool> receive_rest(std::size_t first);
  Task<bool> make_room();
  void starve();
  void refuse_text();
  // session_write.cpp
  Wrote write_batch();
  Wrote write_turn();
  Task<void> ping();
  Task<void> write_all();
  Task<void> close_stream();

  // Before the conversation: what the client may say in its greeting.
  void on(const wire::Auth& message) override;
  void on(const wire::Send& message) override;
  void on(const wire::Ack& message) override { pass_on(message); }
  void on(const wire::Recall& message) override { pass_on(message); }
  void on(const wire::MailboxChange& message) override { pass_on(message); }
  void on(const wire::Ping&) override;
  void on(const wire::Fault& fault) override;
  bool open() const override { return !closing_ && !credentials_; }

  UpgradeDecision judge(const Request& request);
  void dispatch();
  void say_hello();
  void unauthenticated();
  // What only a conversation can answer; sends earlier in the same frame may have begun one.
  template <class Message>
  void pass_on(const Message& message) {
    if (conversation_) conversation_->on(message);
    else unauthenticated();
  }
  void converse(std::optional<session::Credentials> credentials);
  static void settle(std::shared_ptr<Session> self);
  void run_conversation();
  void forget_first(std::size_t size) noexcept;
  void ended();
  bool drained() const;
  bool stuck();
  void give_up_frame();
  void signal();
  void list();
  void let_go();
  void note_failure(const error_code& error);
  void log_end();
  Transport& transport() noexcept { return stream_.next_layer(); }
  Instant now() const noexcept { return clock_now(); }

  Worker* worker_;
  SessionNumber number_;
  boost::asio::ip::address peer_;   // until its source is judged
  bool judged_;
  SourceLimits::Answer answer_;
  std::shared_ptr<TlsContext> tls_;          // outlives the stream
  Stream stream_;
  session::Vigil vigil_;
  std::optional<FrameQueue> queue_;
  wire::Encoding encoding_ = wire::Encoding::json;
  std::optional<session::Greeting> greeting_;
  std::optional<session::Credentials> credentials_;
  std::shared_ptr<session::Conversation> conversation_;
  std::optional<Wake> writer_wake_;   // the writer waits here for what it alone can do
  std::optional<Wake> reader_wake_;   // the reader waits here for the outbox to empty, the demo's status for its shard
  std::optional<mailbox::Waiting> waiting_;  // the shard's answer to it
  asio::cancellation_signal read_stop_;
  asio::cancellation_signal close_stop_;
  std::optional<wire::CloseReason> closing_;
  std::optional<error_code> failure_;        // of its connection, the first
  std::optional<Monotonic> unfinished_since_;
  std::span<std::uint8_t> frame_;
  Lease frame_lease_;
  std::uint64_t sent_before_ = 0;
  unsigned loops_ = 0;
  bool upgraded_ = false;
  bool greeting_waits_ = false;
  bool writer_waits_ = false;   // at writer_wake_
  bool reader_waits_ = false;   // for the outbox to empty
  bool listed_ = false;         // on the worker's list: pump() comes
  bool more_ = false;           // the last batch did not take all there is
  Turn turn_;
  bool heard_goodbye_ = false;  // the client has sent its close frame
  bool parting_ = false;
  bool draining_ = false;
  bool ping_due_ = false;
  bool aborted_ = false;
  bool frame_given_up_ = false;
  bool bad_text_ = false;
  bool close_began_ = false;
  bool stuck_before_ = false;
  std::array<std::uint8_t, 512> first_;
};

}  // namespace lethe::net
