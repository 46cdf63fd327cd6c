#pragma once
// The engine alone, with room for whatever a benchmark puts in.
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "support/mailbox_world.hpp"

namespace lethe::bench {

class Engine {
 public:
  // What one pull brings at most, and so what one acknowledgement takes away.
  static constexpr std::size_t at_once = 16;

  Engine(ByteCount arena_size, std::size_t payload)
      : payload_(payload, 'x'), limits_{roomy()}, arena_{{.size = arena_size, .locking = MemoryLocking::off}}, budget_{limits_.relay},
        mailboxes_{limits_, budget_, KeyedHash{{3, 1, 4, 1, 5}}, tally_, nowhere_} {}

  // A message with a new id, its payload stored: as a session has it in hand.
  mailbox::Submission submission() {
    const std::span bytes{reinterpret_cast<const std::uint8_t*>(payload_.data()), payload_.size()};
    mailbox::Submission submission;
    submission.id = test::message_id(++number_ * 0x9e37'79b9'7f4a'7c15U);
    submission.payload = wire::PayloadWriter::store({bytes, bytes.size(), wire::Encoding::binary}, arena_.shard(0)).payload;
    submission.ttl = seconds{86'400};
    return submission;
  }
  void put(mailbox::Submission submission, std::uint64_t to) {
    const mailbox::Recipient recipient{test::address(to), mailbox::SenderKey{1}, {}, true, false, mailbox::Grant{}};
    mailboxes_.put(1, std::move(submission), {&recipient, 1}, sender_, now_);
    if (sender_.verdicts.at(0).refusal != mailbox::Refusal::none) std::abort();
  }
  mailbox::Attachment open(std::uint64_t device) {
    test::RecordingCorrespondent& session = *sessions_.emplace_back(std::make_unique<test::RecordingCorrespondent>());
    mailboxes_.open(test::address(device), {}, session, now_);
    const mailbox::Attachment attachment = session.opens.at(0).attachment;
    pull(attachment);   // the first one says that nothing waited
    return attachment;
  }
  // The last number that came, at most `at_once` after the ones before; 0: nothing.
  Seq pull(mailbox::Attachment attachment) {
    Taker taker;
    mailboxes_.pull(attachment, taker, now_);
    return taker.last;
  }
  void acknowledge(mailbox::Attachment attachment, Seq up_to) { mailboxes_.acknowledge(attachment, up_to, {}, now_); }
  std::uint64_t messages() const { return mailboxes_.occupancy().messages; }
  // Blocks and ids that wait for their time go.
  void settle() {
    now_.mono += seconds{1};
    mailboxes_.sweep(now_);
    arena_.shard(0).reclaim();
    for (const auto& session : sessions_) session->acknowledgements.clear();
  }

 private:
  class Taker final : public mailbox::Sink {
   public:
    bool deliver(const mailbox::Delivery& delivery) override {
      if (taken_ == at_once) return false;
      last = delivery.seq;
      ++taken_;
      return true;
    }
    bool deliver(const mailbox::ReceiptDelivery&) override { return false; }
    void caught_up() override {}
    Seq last = 0;

   private:
    std::size_t taken_ = 0;
  };
  struct Nowhere final : mailbox::ReceiptRoute {
    void receipt(const Address&, const mailbox::Receipt&, Instant) override {}
  };

  static Limits roomy() {
    Limits limits;
    limits.relay.bytes = 1ULL << 40;
    limits.mailbox.messages = 1U << 31;
    limits.mailbox.sender_percent = 100;
    limits.mailbox.bytes = 1ULL << 40;
    return limits;
  }

  std::string payload_;
  Limits limits_;
  Arena arena_;
  mailbox::RelayBudget budget_;
  Tally tally_;
  Nowhere nowhere_;
  mailbox::MemoryMailboxes mailboxes_;
  test::RecordingCorrespondent sender_;
  std::vector<std::unique_ptr<test::RecordingCorrespondent>> sessions_;
  std::uint64_t number_ = 0;
  Instant now_{Monotonic{milliseconds{1'000'000}}, Wall{milliseconds{1'700'000'000'000}}};
};

}  // namespace lethe::bench
