#pragma once
// What was given to send and is not settled yet: pure bookkeeping, time is a parameter.
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <lethe/client/client.hpp>

namespace lethe::client {

// A send is waiting (never sent in this session, or to be sent again), in flight (no answer yet) or kept for its receipts.
// Payloads are overwritten when their send leaves. Order: sends go out in the order in which they were added.
class Outbox {
 public:
  Outbox(std::size_t in_flight_limit, BackoffOptions backoff) : limit_(in_flight_limit), backoff_(backoff) {}

  // False when a send of that id is already here.
  bool add(Send send, const Retry& retry);

  // The next send to go out now, for the recipients that are still undecided; it is in flight from then on. Nothing when
  // none is due or too many are in flight. The pointer is valid until the next call of any method.
  const Send* next(Monotonic now);

  // When next() will have something that it does not have now; nothing if only an answer can change that.
  std::optional<Monotonic> next_due() const;

  // What an answer settled.
  struct Outcome {
    std::optional<SendResult> result;  // the verdict, once per send
    std::vector<Address> lost;         // were accepted, lost in a restart of the relay, and refused when sent again
  };
  // `chance` in [0, 1) jitters the wait of what is tried again.
  Outcome sent(const Sent& answer, Monotonic now, double chance);
  Outcome failed(const MessageId& id, const ErrorReply& error, Monotonic now, double chance);
  void receipt(const Receipt& receipt) { settle(receipt.id, receipt.device); }
  // Recalled in time: no receipt comes for that recipient, and it is not sent it again.
  void recalled(const Recalled& recalled) {
    if (recalled.status == RecallStatus::wiped) settle(recalled.id, recalled.device);
  }

  // The connection is gone: what was in flight waits again, first.
  void disconnected();
  // The relay forgot everything: what is kept for receipts waits again, for those that have none.
  void forgotten();

  // Everything without a verdict, with that error; afterwards the outbox is empty.
  std::vector<SendResult> abandon(const std::string& error);

  bool holds(const MessageId& id) const { return index_.contains(id); }
  std::size_t size() const noexcept { return entries_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  void settle(const MessageId& id, const Address& device);
  enum class Fate { undecided, accepted, refused, settled };
  struct Entry {
    Send send;                       // `to`: the undecided recipients, as they go out next
    Retry retry;
    std::vector<Recipient> everyone;
    std::map<Address, Fate> fates;
    SendResult result;
    std::optional<Monotonic> refused_since;
    std::optional<Monotonic> due;    // waiting for it (set), or for nothing
    unsigned attempts = 0;
    bool in_flight = false;
    bool reported = false;
  };
  using Order = std::uint64_t;

  Outcome decide(Order order, Entry& entry, Monotonic now, double chance, std::optional<seconds> retry_after);
  bool may_retry(Entry& entry, Monotonic now) const;
  void land(Entry& entry);
  void erase(Order order);

  std::size_t limit_;
  BackoffOptions backoff_;
  std::map<Order, Entry> entries_;
  std::map<MessageId, Order> index_;
  std::set<Order> waiting_;                          // due now
  std::set<std::pair<Monotonic, Order>> delayed_;
  Order last_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace lethe::client
