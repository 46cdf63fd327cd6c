#pragma once
// One thread's view of the mailboxes of all threads: an address belongs to the shard that its keyed hash chooses. A session
// lives on the thread of its own mailbox, so everything but sending stays there; a message for another shard goes by courier, as
// does its answer, and no lock is taken.
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <lethe/mailbox/mailboxes.hpp>

#include "base/keyed_hash.hpp"
#include "mailbox/memory_mailboxes.hpp"
#include "net/courier.hpp"

namespace lethe::net {

// One shard: its engine, and the courier of the one thread that may touch it.
struct Shard {
  mailbox::MemoryMailboxes* engine = nullptr;
  Courier* courier = nullptr;
};

class ShardedMailboxes final : public mailbox::Mailboxes, public mailbox::ReceiptRoute {
 public:
  ShardedMailboxes(unsigned own, const KeyedHash& hash) noexcept : own_{own}, hash_{hash} {}
  // Before the threads start; the shards outlive this.
  void connect(std::span<const Shard> shards) { shards_.assign(shards.begin(), shards.end()); }
  unsigned shard_of(const Address& device) const noexcept;

  // Of this shard's own devices only.
  void open(const Address& device, const mailbox::Announcement& announcement, mailbox::Correspondent& session, Instant now) override;
  void close(mailbox::Attachment attachment, Instant now) override { own().close(attachment, now); }
  void announce(mailbox::Attachment attachment, const mailbox::Announcement& announcement, Instant now) override {
    own().announce(attachment, announcement, now);
  }
  bool pull(mailbox::Attachment attachment, mailbox::Sink& sink, Instant now) override { return own().pull(attachment, sink, now); }
  void acknowledge(mailbox::Attachment attachment, Seq up_to, std::span<const Seq> seqs, Instant now) override {
    own().acknowledge(attachment, up_to, seqs, now);
  }
  std::uint64_t purge(const Address& device, Instant now) override { return own().purge(device, now); }
  void sweep(Instant now) override { own().sweep(now); }
  mailbox::Occupancy occupancy() const override { return shards_[own_].engine->occupancy(); }

  // Of any shard's.
  void put(mailbox::Ticket ticket, mailbox::Submission submission, std::span<const mailbox::Recipient> recipients,
           mailbox::Correspondent& session, Instant now) override;
  void recall(mailbox::Ticket ticket, const MessageId& id, const Address& device, std::span<const mailbox::SenderKey> senders,
              mailbox::Correspondent& session, Instant now) override;
  void receipt(const Address& to, const mailbox::Receipt& receipt, Instant now) override;
  // The answer comes on this thread, perhaps within the call; never, where the relay ends before.
  void count_waiting(const Address& device, std::function<void(const mailbox::Waiting&)> answer);

 private:
  mailbox::MemoryMailboxes& own() noexcept { return *shards_[own_].engine; }
  void put_to_several(mailbox::Ticket ticket, const mailbox::Submission& submission, std::span<const mailbox::Recipient> recipients,
                      mailbox::Correspondent& session);

  unsigned own_;
  const KeyedHash& hash_;
  std::vector<Shard> shards_;
};

}  // namespace lethe::net
