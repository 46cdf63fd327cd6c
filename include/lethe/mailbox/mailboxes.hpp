#pragma once
// The engine that holds the undelivered messages: the one interface between the sessions and what stores for them.
//
// Rules that every engine keeps (tests/contract runs them against each):
// - The mailbox is the only queue. `put` is bounded and refuses with a reason; nothing accepted is dropped in silence.
// - Delivery removes nothing. An acknowledgement, expiry, displacement, recall or purge removes, and the bytes are
//   overwritten before the next event of that mailbox is handled.
// - Order is order of acceptance; what was in flight when a session ended comes first in the next one, marked.
// - Nothing expired is ever delivered, whether or not a sweep has come by.
// - A message counts against its mailbox, its sender's share of it and the relay before memory is taken for it.
//
// Threads: an instance belongs to one thread; calls and the callbacks they cause are on that thread. Results come through
// the Correspondent, so that an engine may answer later; the embedded one answers within the call.
//
// Time is a parameter and never goes back (monotonic part).
#include <cstdint>
#include <memory>
#include <span>

#include <lethe/mailbox/message.hpp>

namespace lethe::mailbox {

// One session's hold on its mailbox. A value of an ended or replaced session matches nothing and harms nothing.
struct Attachment {
  std::uint64_t number = 0;
  std::uint32_t slot = 0;
  explicit operator bool() const noexcept { return number != 0; }
};

// The answer to `open`. An attachment of number 0: the relay knows too many mailboxes to open one more, and needs them all.
struct Opened {
  Attachment attachment;
  std::uint64_t queued = 0;         // entries waiting, receipts included
  ByteCount queued_bytes = 0;       // payload bytes waiting
  Missed missed;
};

// A caller's own number for a request, returned with its answer.
using Ticket = std::uint64_t;

// The session's side: what an engine tells it. Calls come on the thread of the Mailboxes that was asked, when that may be
// called again from within them. One that has opened a mailbox lives until it has been told `replaced` or has called
// `close`, or was told that there is no room; one that asks anything else, until it has the answer.
class Correspondent : public std::enable_shared_from_this<Correspondent> {
 public:
  virtual ~Correspondent() = default;
  // The mailbox is this session's now.
  virtual void opened(const Opened& opened) = 0;
  // There is something to pull (again). Comes once until the next pull.
  virtual void wake() = 0;
  // Another session has taken the mailbox over: the attachment is void.
  virtual void replaced() = 0;
  // One verdict a recipient, in their order.
  virtual void decided(Ticket ticket, std::span<const Verdict> verdicts) = 0;
  // An acknowledgement has been carried out, bytes overwritten.
  virtual void acknowledged(std::uint32_t removed) = 0;
  virtual void recalled(Ticket ticket, RecallStatus status) = 0;
};

// The session's writer, as an engine sees it during a pull.
class Sink {
 public:
  virtual ~Sink() = default;
  // Takes one entry; false where there is no room left: it is not delivered, and the pull ends.
  virtual bool deliver(const Delivery& delivery) = 0;
  virtual bool deliver(const ReceiptDelivery& receipt) = 0;
  // Once a session: everything that waited when it opened has been delivered. The pull ends after it.
  virtual void caught_up() = 0;
};

// What an engine holds now.
struct Occupancy {
  std::uint64_t messages = 0;     // entries, receipts included
  ByteCount bytes = 0;            // payload bytes, each mailbox counted
  std::uint64_t mailboxes = 0;    // known
};

class Mailboxes {
 public:
  virtual ~Mailboxes() = default;

  // Opens the mailbox of an authenticated device, from its previous session where there is one (that one is told
  // `replaced`). What was in flight there is delivered again, first. Answer: Correspondent::opened.
  virtual void open(const Address& device, const Announcement& announcement, Correspondent& session, Instant now) = 0;
  // The session has ended: what it had in flight waits for the next one; ttl-0 messages go.
  virtual void close(Attachment attachment, Instant now) = 0;
  virtual void announce(Attachment attachment, const Announcement& announcement, Instant now) = 0;

  // Offers a message to each recipient; each is decided alone. `recipients` need live only during the call.
  // Answer: Correspondent::decided.
  virtual void put(Ticket ticket, Submission submission, std::span<const Recipient> recipients, Correspondent& session,
                   Instant now) = 0;

  // Hands over what the window allows, in order, until the sink has no room. Returns true where more is ready now.
  virtual bool pull(Attachment attachment, Sink& sink, Instant now) = 0;

  // Removes what this session was delivered: everything up to `up_to` (0: none) and each of `seqs`. Unknown numbers are
  // harmless. Answer: Correspondent::acknowledged; none where the attachment is void.
  virtual void acknowledge(Attachment attachment, Seq up_to, std::span<const Seq> seqs, Instant now) = 0;

  // Wipes an undelivered message of this sender. Answer: Correspondent::recalled.
  virtual void recall(Ticket ticket, const MessageId& id, const Address& device, std::span<const SenderKey> senders,
                      Correspondent& session, Instant now) = 0;

  // The operator empties a mailbox: senders that asked get an `evicted` receipt. Returns how many messages went.
  virtual std::uint64_t purge(const Address& device, Instant now) = 0;

  // Removes what has expired, forgets what need not be remembered. Called about four times a second; bounded work.
  virtual void sweep(Instant now) = 0;

  virtual Occupancy occupancy() const = 0;
};

}  // namespace lethe::mailbox
