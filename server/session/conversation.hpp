#pragma once
// A session after its greeting: what each message of the client leads to. Pure: it decides, the Outbox and the Mailboxes
// carry out. Source: docs/protocol.md, «Sending», «Receiving», «Errors and closing».
//
// An authenticated conversation has a mailbox; an anonymous one only sends. Messages are handled in order. After `end` (or
// once it has closed itself) nothing reaches the Outbox any more, and of the Mailboxes only the close of its own attachment:
// late events of a dead session touch nothing.
//
// Threads: one, that of its Mailboxes. Owned by a shared_ptr, because an engine that answers late holds on to it.
//
// Counted here: errors, and the refusals that it decides itself. The engine counts its own, the Outbox counts closings.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <boost/unordered/unordered_map.hpp>

#include <lethe/base/limits.hpp>
#include <lethe/mailbox/mailboxes.hpp>
#include <lethe/wire/messages.hpp>

#include "base/tally.hpp"
#include "session/ack_ledger.hpp"
#include "session/addressing.hpp"
#include "session/greeting.hpp"
#include "session/outbox.hpp"
#include "session/placement.hpp"
#include "session/token_bucket.hpp"
#include "wire/decoder.hpp"

namespace lethe {
class ArenaShard;
class KeyedHash;
}
namespace lethe::identity {
class InviteCache;
}
namespace lethe::session {

// What a conversation works with; all belong to its thread and outlive it.
struct Services {
  const Limits& limits;
  Epoch epoch{};
  ArenaShard& arena;
  mailbox::Mailboxes& mailboxes;
  identity::InviteCache& invites;
  const KeyedHash& hash;
  Tally& tally;
};

class Conversation final : public mailbox::Correspondent, public wire::ClientMessages, public wire::Decoder::Faults {
 public:
  // Requests that may wait for an engine at once: sends, recalls and pings behind acks, more: error rate_limited; and as many
  // acks, more: closing rate_limited.
  static constexpr std::size_t outstanding_limit = 4'096;
  // And recipients of all these sends; reached: error rate_limited.
  static constexpr std::size_t recipients_limit = 65'536;

  // Without credentials: an anonymous session. The outbox must live until `end`, and must not call back from a push.
  Conversation(const Services& services, Outbox& outbox, std::optional<Credentials> credentials, Instant now);
  ~Conversation() override;   // ends

  // Opens the mailbox of an authenticated device; `ready` follows. Nothing to do in an anonymous session.
  void start(Instant now);
  // The time of what follows; called before each frame is decoded.
  void at(Instant now) noexcept { now_ = now; }

  void on(const wire::Auth& message) override;            // a second one: error forbidden
  void on(const wire::Send& message) override;
  void on(const wire::Ack& message) override;
  void on(const wire::Recall& message) override;
  void on(const wire::MailboxChange& message) override;
  void on(const wire::Ping& message) override;            // answered once every earlier ack has been carried out
  void on(const wire::Fault& fault) override;             // a fatal one: error, closing, and it is over
  bool open() const override { return open_; }

  // Lets the writer take what the mailbox has ready; true where more is.
  bool pull(mailbox::Sink& sink, Instant now);

  // The socket is gone or closing: the mailbox is closed, what was in flight waits for the next session. Once.
  void end(Instant now);
  bool authenticated() const noexcept { return credentials_.has_value(); }
  // No send and no ack is under way in the engine and no delivery waits for its ack: a drain need not wait for this
  // session. It may say false for nothing (what expires in flight is never acknowledged): a drain has a limit of its own.
  bool settled() const noexcept;

  void opened(const mailbox::Opened& opened) override;
  void wake() override;
  void replaced() override;
  void decided(mailbox::Ticket ticket, std::span<const mailbox::Verdict> verdicts) override;
  void acknowledged(std::uint32_t removed) override;
  void recalled(mailbox::Ticket ticket, mailbox::RecallStatus status) override;

 private:
  struct Recalling {
    MessageId id;
    Address device;
  };
  bool within_rates(const wire::Send& send);
  bool within_limits(const wire::Send& send);
  bool has_room_for_request(const std::optional<MessageId>& id);
  void address(const wire::Send& send, Placement& placement, Addressing::Recipients& recipients);
  void put(const wire::Send& send, mailbox::Payload payload, Placement& placement, const Addressing::Recipients& recipients);
  void refuse(const Placement& placement, const mailbox::Verdict& verdict);
  void count_refusal(mailbox::Refusal refusal);
  void fail(wire::ErrorCode code, std::string_view detail, const std::optional<MessageId>& id = {}, seconds retry_after = {});
  void close(wire::CloseReason reason, seconds retry_after = {});
  void leave();
  seconds spread(seconds base) const;

  Services services_;
  Outbox* outbox_;                              // nullptr: nothing is said any more
  std::optional<Credentials> credentials_;
  Instant now_;
  bool open_ = true;
  mailbox::Attachment attachment_;
  std::optional<mailbox::Announcement> early_;  // changes that came before the mailbox was open
  Addressing addressing_;
  TokenBucket sends_;
  TokenBucket bytes_;
  TokenBucket verifications_;
  AckLedger acks_;
  mailbox::Ticket tickets_ = 0;
  Placement* placing_ = nullptr;                // the send that the engine is being asked about right now: ticket `tickets_`
  // With nodes, which are overwritten as they are freed; a flat table keeps the bytes of what was erased.
  boost::unordered_map<mailbox::Ticket, Placement> placements_;   // sends that it answers later
  std::size_t recipients_waiting_ = 0;          // of all of them
  boost::unordered_map<mailbox::Ticket, Recalling> recalls_;
};

}  // namespace lethe::session
