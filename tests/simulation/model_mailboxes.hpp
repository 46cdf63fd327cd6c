#pragma once
// The mailboxes as the protocol describes them, slow and plain: a vector a mailbox, everything counted anew when asked.
// It is what the engine is compared with. An entry leaves when a rule says so: at its deadline it is only never delivered;
// it goes when a pull, a send or a recall comes upon it, or at the next sweep.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <lethe/mailbox/mailboxes.hpp>

namespace lethe::test {

struct ModelEntry {
  std::uint64_t token = 0;           // this entry and no other
  std::uint64_t order = 0;           // of acceptance
  std::uint64_t batch = 0;           // receipts of one batch may stand in any order
  Seq seq = 0;                       // learnt at the first delivery
  std::uint64_t id = 0;
  std::uint64_t submission = 0;      // what shares a payload
  std::uint64_t sender = 0;
  std::uint64_t topic = 0;
  std::uint64_t receipt_to = 0;      // 0: none
  std::string payload;
  Monotonic deadline;
  seconds ttl{0};
  mailbox::Urgency urgency = mailbox::Urgency::normal;
  bool ephemeral = false;
  bool delivered = false;
  bool in_flight = false;
  bool receipt = false;
  std::uint64_t about = 0;           // of a receipt: the recipient
  mailbox::Fate fate = mailbox::Fate::delivered;
};

struct ModelMailbox {
  std::vector<ModelEntry> entries;   // by order
  mailbox::Missed missed;
  std::set<std::uint8_t> revoked;
  std::uint32_t generation = 0;
  std::uint32_t window = 0;
  mailbox::Urgency min_urgency = mailbox::Urgency::very_low;
  bool anyone = false;
  bool known = false;
  bool attached = false;
  bool caught_up = false;
  std::uint64_t backlog_end = 0;
  std::optional<Monotonic> forget_at;

  // Of one sender, or (0) of all; receipts have neither.
  ByteCount bytes(std::uint64_t sender = 0) const;
  std::uint64_t messages(std::uint64_t sender = 0) const;
};

struct ModelSend {
  std::uint64_t id = 0;
  std::uint64_t from = 0;
  std::string payload;
  seconds ttl{0};
  mailbox::Urgency urgency = mailbox::Urgency::normal;
  bool receipt = false;
};
struct ModelRecipient {
  std::uint64_t device = 0;
  std::uint64_t sender = 0;
  std::uint64_t topic = 0;
  bool authenticated = true;
  std::optional<mailbox::Grant> grant;
};

struct ModelPull {
  std::vector<ModelEntry> entries;   // `delivered` says whether it had been before
  bool caught_up = false;
  bool more = false;
};

class ModelMailboxes {
 public:
  explicit ModelMailboxes(const Limits& limits) : limits_{limits} {}

  mailbox::Opened open(std::uint64_t device, const mailbox::Announcement& announcement, Monotonic now);
  void close(std::uint64_t device, Monotonic now);
  void announce(std::uint64_t device, const mailbox::Announcement& announcement);
  std::vector<mailbox::Verdict> put(const ModelSend& send, const std::vector<ModelRecipient>& recipients, Monotonic now);
  ModelPull pull(std::uint64_t device, std::size_t room, Monotonic now);
  std::uint32_t acknowledge(std::uint64_t device, Seq up_to, const std::vector<Seq>& seqs, Monotonic now);
  mailbox::RecallStatus recall(std::uint64_t id, std::uint64_t device, std::uint64_t sender, Monotonic now);
  std::uint64_t purge(std::uint64_t device, Monotonic now);
  void sweep(Monotonic now);
  void restart();

  // What the engine delivered in the place of `expected`: notes its seq. False where that must not be.
  bool learn(std::uint64_t device, const ModelEntry& expected, Seq seq, std::uint64_t id, std::uint64_t about);

  bool ready(std::uint64_t device) const;
  bool attached(std::uint64_t device) const { return mailboxes_.contains(device) && mailboxes_.at(device).attached; }
  const ModelMailbox* find(std::uint64_t device) const {
    return mailboxes_.contains(device) ? &mailboxes_.at(device) : nullptr;
  }
  mailbox::Occupancy occupancy() const;
  ByteCount arena_used() const;

 private:
  using Where = std::vector<ModelEntry>::iterator;
  mailbox::Verdict decide(const ModelSend& send, const ModelRecipient& recipient, std::uint64_t submission, Monotonic now);
  const mailbox::Grant* valid_grant(const ModelMailbox& mailbox, const ModelRecipient& recipient) const;
  mailbox::Refusal room(const ModelMailbox& mailbox, const ModelSend& send, const ModelRecipient& recipient) const;
  seconds rate_wait(const mailbox::Grant* grant, Monotonic now) const;
  void count_rate(const mailbox::Grant* grant, Monotonic now);
  void queue(const ModelSend& send, const ModelRecipient& recipient, std::uint64_t submission, seconds ttl, Monotonic now);
  void apply(ModelMailbox& mailbox, const mailbox::Announcement& announcement);
  void drop(std::uint64_t device, Where entry, mailbox::Fate fate, Monotonic now, bool recalled = false);
  void drop_where(std::uint64_t device, mailbox::Fate fate, Monotonic now, const std::function<bool(const ModelEntry&)>& which);
  void end_session(std::uint64_t device, Monotonic now);
  void flush();
  void settle(std::uint64_t device, Monotonic now);
  Where next(ModelMailbox& mailbox) const;
  bool window_allows(const ModelMailbox& mailbox, const ModelEntry& next) const;

  struct Pending {
    std::uint64_t to;
    ModelEntry entry;
  };

  Limits limits_;
  std::map<std::uint64_t, ModelMailbox> mailboxes_;
  std::map<std::uint64_t, std::pair<Monotonic, std::uint32_t>> rates_;   // invite: end of the hour, messages
  std::map<std::pair<std::uint64_t, std::uint64_t>, Monotonic> acknowledged_;   // device, id: until when
  std::vector<Pending> receipts_;
  std::uint64_t last_order_ = 0;
  std::uint64_t last_batch_ = 0;
  bool one_batch_ = false;
};

}  // namespace lethe::test
