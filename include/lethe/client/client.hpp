#pragma once
// A device's session with a relay that outlives its connections.
//
// Thread: none of its own. Everything, callbacks included, happens on the thread that runs the io_context; call the
// methods there too (asio::post gets you there). One io_context may run many clients.
//
//   boost::asio::io_context io;
//   Options options;
//   options.relay = {"relay.example", 443};
//   options.identity = identity;
//   Events events;
//   events.message = [](const Delivery& message) { return store_safely(message.payload); };
//   Client client(io, options, events);
//   client.start();
//   io.run();  // returns after stop(), or when the client gave up
//
// Sending: a message stays in the outbox until the relay answered for every recipient, over as many connections as that
// takes, always with the same id, so that the relay stores it once. With `receipt` it stays until each recipient's receipt
// came, and is sent again when the relay lost its memory meanwhile (Ready::continuous is false).
//
// Receiving: each message is given to `message` once per Client, in the order of its mailbox, and acknowledged after that
// returned true. When it returns false or throws, the message stays with the relay and comes again in the next session. A
// new process may see a message again whose acknowledgement was lost: remember what you finished (see Inbox in lethe-cli).
#include <functional>
#include <memory>

#include <lethe/client/error.hpp>
#include <lethe/client/options.hpp>

namespace boost::asio {
class io_context;
}

namespace lethe::client {

enum class State {
  idle,            // not started
  connecting,      // resolving, connecting, shaking hands
  authenticating,  // auth sent, ready not yet here
  online,          // ready came (anonymous: hello came)
  waiting,         // lost the connection; will try again
  stopped,         // for good: see the error that came with it
};

// The relay's verdict on one send, given once.
struct SendResult {
  MessageId id;
  seconds ttl{};                  // granted
  std::uint32_t accepted = 0;     // recipients
  std::vector<Refusal> refused;   // the others, each with its reason
  std::string error;              // not empty: nothing was accepted; the protocol's error code,
                                  // `stopped`, or `duplicate_id` of a send that is still in the outbox
};

// Which refusals are tried again. The others are final at once.
struct Retry {
  bool enabled = false;           // rate_limited, relay_full, mailbox_full and the error rate_limited
  milliseconds patience{60'000};  // counted from the first refusal; then the refusal is final
};

struct Message {
  std::vector<Recipient> to;
  Bytes payload;
  seconds ttl{604'800};
  Urgency urgency = Urgency::normal;
  std::string topic;
  bool receipt = false;           // ignored in anonymous sessions
  Retry retry;
  std::optional<MessageId> id;    // chosen at random if not given
};

// All may be empty. What a callback throws is dropped (for `message`: like false).
struct Events {
  std::function<bool(const Delivery&)> message;
  std::function<void(const Receipt&)> receipt;  // at least once each; acknowledged when it returned
  std::function<void(State, error_code)> state;
  std::function<void(const Hello&)> hello;
  std::function<void(const Ready&)> ready;
  std::function<void()> caught_up;
  std::function<void(const Closing&)> closing;
  std::function<void(const Recalled&)> recalled;
  std::function<void(const ErrorReply&)> error;  // replies that name no send of ours
};

class Client {
 public:
  using OnResult = std::function<void(const SendResult&)>;

  // Throws (boost::system::system_error) when the CA file can't be read.
  Client(boost::asio::io_context& io, Options options, Events events);
  ~Client();  // drops the connection without a word; no callback comes any more
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void start();

  // Sends what is queued for writing, closes politely and goes to `stopped`. Sends without a verdict get the error
  // `stopped`.
  void stop();

  // May be called in any state; goes out when online. Returns the message's id.
  MessageId send(Message message, OnResult on_result = {});

  // Answered by Events::recalled. Nothing happens while not online: false.
  bool recall(const MessageId& id, const Address& device);

  // Changes the given fields now (if online) and with every later auth.
  void update_mailbox(const MailboxSettings& changes);

  // Calls `on_pong` when the relay has carried out every acknowledgement given so far. Dropped with the connection.
  bool ping(std::function<void()> on_pong);

  State state() const noexcept;
  RelayLimits limits() const noexcept;      // of the last hello
  std::optional<Epoch> epoch() const;       // to be given to the next process's Options
  std::size_t outbox_messages() const noexcept;
  std::size_t outbox_bytes() const noexcept;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace lethe::client
