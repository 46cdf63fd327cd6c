#pragma once
// Where receipts for senders leave an engine: their mailboxes may stand on other threads.
#include <lethe/mailbox/message.hpp>

namespace lethe::mailbox {

// What became of a message whose sender asked.
struct Receipt {
  MessageId id;
  Address device;                       // the recipient
  Fate fate = Fate::delivered;
  Urgency urgency = Urgency::normal;    // the message's; the receipt is held back and counted with it
};

class ReceiptRoute {
 public:
  virtual ~ReceiptRoute() = default;
  // Takes the receipt to the engine that holds the mailbox of `to` (MemoryMailboxes::deposit there). Called at the end of
  // a public call of the engine, when that may be called again.
  virtual void receipt(const Address& to, const Receipt& receipt, Instant now) = 0;
};

}  // namespace lethe::mailbox
