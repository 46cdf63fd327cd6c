#pragma once
// A client of the relay that does what it is told, right or wrong, and reads only when its owner reads. It does its own
// WebSocket framing (RFC 6455), so that a frame can be left unfinished and every frame of the relay is seen as it is.
//
// Whatever comes against expectation, or not at all, is a std::runtime_error that says what was heard.
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/peer/device_key.hpp"
#include "audit/peer/tls_client.hpp"
#include "audit/peer/wire_codec.hpp"

namespace lethe::peer {

struct AuthOptions {
  Json mailbox = Json::object();
  std::string epoch = {};         // the last one seen; empty: none
  std::string admission = {};       // a token; empty: none
  std::string relay = {};        // the name that is signed; empty: the one in hello
  bool exporter = false;         // binds the signature to the TLS session
  bool wrong_exporter = false;   // binds it to another one
};

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

class WirePeer {
 public:
  // Connects and upgrades; `fields` are further lines of the request. It has not read `hello` yet.
  WirePeer(std::uint16_t port, Encoding encoding, const TlsSettings& settings = {}, std::string_view fields = {});

  Encoding encoding() const noexcept { return encoding_; }
  const HttpReply& upgrade() const noexcept { return upgrade_; }
  TlsClient& tls() noexcept { return tls_; }
  // Reads `hello` where that has not been done.
  const Json& hello();

  // The `auth` message for this session's nonce.
  Json auth_message(const DeviceKey& key, const AuthOptions& options = {});
  // Authenticates and returns `ready`.
  Heard authenticate(const DeviceKey& key, const AuthOptions& options = {});
  // The same, and on to `caught_up`, for a device without a backlog.
  Heard enter(const DeviceKey& key, const AuthOptions& options = {});

  void say(const Json& message);
  void say_text(std::string_view text);
  void say_binary(std::string_view bytes);
  void send(const Mail& mail);
  // Several in one binary message where the encoding allows.
  void send(const std::vector<Mail>& mails);
  // Sends and returns `sent`.
  Heard post(const Mail& mail);
  void ack(std::uint64_t up_to, const std::vector<std::uint64_t>& seqs = {});
  // Every earlier message of this session has been carried out when it returns. Nothing else may come meanwhile.
  void settle();
  void recall(const MessageId& id, const Address& device);
  // A frame as it stands: masked, with this length in its head and these bytes after it.
  void frame(Opcode opcode, std::string_view bytes, bool final, std::uint64_t announced_length);
  void close(unsigned code, std::string_view reason = {});

  // Reads on until at least `size` bytes are there that no call has looked at; false at the end of the connection.
  bool fill(std::size_t size);
  // The next message, whatever it is. Pings are counted and, unless its owner says otherwise, answered.
  Heard hear();
  // The next message, which must be of this type.
  Heard expect(std::string_view type);
  // The next one of this type that the relay delivers, leaving out the others.
  Heard skip_to(std::string_view type);
  // `closing` with this reason, then the close frame with this code.
  Heard expect_closing(std::string_view reason, unsigned code);

  std::array<std::uint8_t, 4> mask{0x37, 0xfa, 0x21, 0x3d};   // of every frame (RFC 6455, 5.3)
  bool answers_pings = true;
  bool hangs_up = true;          // after the close frames, once the relay has ended its side, as a client should
  unsigned pings = 0;            // of the relay, so far
  std::size_t largest_batch = 0; // records in one binary message of the relay, so far

 private:
  void assemble(Opcode opcode, bool last, std::string_view bytes);
  void take(Opcode opcode, std::string_view bytes);
  bool read_frame();
  Heard ended(std::string_view bytes);

  Encoding encoding_;
  TlsClient tls_;
  HttpReply upgrade_;
  Json hello_;
  std::string incoming_;
  std::size_t read_ = 0;         // of `incoming_`
  std::deque<Heard> heard_;
  std::optional<std::pair<Opcode, std::string>> unfinished_;   // a message of which fragments are still to come
  bool over_ = false;
};

// A random id, an invite for any authenticated device, one for anonymous sessions, and a message with them.
MessageId new_id();
Recipient invited(const DeviceKey& recipient, const InviteFields& fields = {});
Recipient invited_anonymously(const DeviceKey& recipient, InviteFields fields = {});
Mail mail_to(Recipient recipient, std::string payload = "hello");

}  // namespace lethe::peer
