#pragma once
// The messages of protocol version 1 as values. Source: docs/protocol.md. Deliveries and receipts go from the mailbox
// straight to the encoder and so stand in lethe/mailbox/message.hpp.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <lethe/base/ids.hpp>
#include <lethe/base/time.hpp>
#include <lethe/mailbox/message.hpp>

namespace lethe::wire {

// Chosen with the subprotocol: lethe.v1.json or lethe.v1.binary.
enum class Encoding : std::uint8_t { json, binary };
// The kind of a WebSocket message.
enum class Frame : std::uint8_t { text, binary };

inline constexpr std::size_t invite_size = 92;
using InviteBytes = std::array<std::uint8_t, invite_size>;

enum class ErrorCode : std::uint8_t {
  malformed, unsupported, unauthenticated, forbidden, too_large, too_many_recipients, rate_limited
};
enum class CloseReason : std::uint8_t { draining, replaced, idle, slow, protocol, unauthenticated, rate_limited };

std::string_view name(ErrorCode code) noexcept;
std::string_view name(CloseReason reason) noexcept;
std::string_view name(mailbox::Refusal refusal) noexcept;
std::string_view name(mailbox::Fate fate) noexcept;
std::string_view name(mailbox::RecallStatus status) noexcept;
std::string_view name(mailbox::Urgency urgency) noexcept;
// The WebSocket close code that goes with the reason.
std::uint16_t close_code(CloseReason reason) noexcept;

// ---- from a client --------------------------------------------------------------------------------------------------

struct Auth {
  Address device;
  Signature signature;
  std::string admission;                 // a JWT, where the relay asks for one; else empty
  bool exporter_bound = false;           // "binding":"tls-exporter"
  mailbox::Announcement mailbox;
  std::optional<Epoch> epoch;            // the last one this device saw
};

// The payload of a `send` where it lies: raw bytes (binary) or base64url text (JSON) in the socket's scratch memory. Only
// its size can be asked; PayloadWriter moves it into the arena.
class PayloadSource {
 public:
  PayloadSource() noexcept = default;
  // `at` must live until the payload has been stored; `size` is that of the decoded bytes.
  PayloadSource(std::span<const std::uint8_t> at, std::size_t size, Encoding encoding) noexcept
      : at_{at}, size_{size}, encoding_{encoding} {}
  std::size_t size() const noexcept { return size_; }

 private:
  friend class PayloadWriter;
  std::span<const std::uint8_t> at_;
  std::size_t size_ = 0;
  Encoding encoding_ = Encoding::binary;
};

struct SendTo {
  Address device;
  std::optional<InviteBytes> invite;
};

struct Send {
  MessageId id;
  std::vector<SendTo> to;                // reused by the decoder from message to message
  std::optional<seconds> ttl;            // absent: the relay's default
  mailbox::Urgency urgency = mailbox::Urgency::normal;
  std::string topic;                     // empty: none; otherwise 1–32 of A–Z a–z 0–9 - _
  bool receipt = false;
  PayloadSource payload;
};

struct Ack {
  Seq up_to = 0;                         // 0: none
  std::vector<Seq> seqs;                 // reused by the decoder
};

struct Recall {
  MessageId id;
  Address device;
};

struct MailboxChange {
  mailbox::Announcement mailbox;
};

struct Ping {};

// What a decoder found, in order.
class ClientMessages {
 public:
  virtual ~ClientMessages() = default;
  virtual void on(const Auth& message) = 0;
  virtual void on(const Send& message) = 0;
  virtual void on(const Ack& message) = 0;
  virtual void on(const Recall& message) = 0;
  virtual void on(const MailboxChange& message) = 0;
  virtual void on(const Ping& message) = 0;
  // False once the session has been decided to end: the rest of the frame is not looked at.
  virtual bool open() const = 0;
};

// ---- from the relay -------------------------------------------------------------------------------------------------

struct Hello {
  std::string relay;
  Nonce nonce;
  Epoch epoch{};
  Wall time;
  ByteCount payload = 0;
  std::uint32_t recipients = 0;
  seconds ttl{0};
  std::uint32_t window = 0;
  ByteCount window_bytes = 0;
  seconds idle{0};
};

struct Ready {
  Address device;
  Epoch epoch{};
  std::uint64_t queued = 0;
  ByteCount queued_bytes = 0;
  mailbox::Missed missed;
  bool continuous = false;
};

struct CaughtUp {
  Epoch epoch{};
};

struct RefusedRecipient {
  Address device;
  mailbox::Refusal code = mailbox::Refusal::none;
  seconds retry_after{0};                // 0: absent
};

struct Sent {
  MessageId id;
  std::uint32_t accepted = 0;
  seconds ttl{0};
  std::vector<RefusedRecipient> refused;
};

struct Recalled {
  MessageId id;
  Address device;
  mailbox::RecallStatus status = mailbox::RecallStatus::unknown;
};

struct Pong {
  Wall time;
};

struct Error {
  ErrorCode code = ErrorCode::malformed;
  std::string_view detail;               // a constant sentence; never a byte of what the client sent
  std::optional<MessageId> id;
  seconds retry_after{0};                // 0: absent
};

struct Closing {
  CloseReason reason = CloseReason::protocol;
  seconds retry_after{0};                // 0, but for draining: the edge draws one before it is said
};

using ServerMessage = std::variant<Hello, Ready, CaughtUp, Sent, Recalled, Pong, Error, Closing>;

}  // namespace lethe::wire
