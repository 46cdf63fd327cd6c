#include "net/sharded_mailboxes.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "net/executor.hpp"

namespace lethe::net {
namespace {

using mailbox::Correspondent;
using mailbox::MemoryMailboxes;
using mailbox::Verdict;

// A question to another shard, there and back. Question::ask(engine) is called on that shard's thread, answer() on the asker's.
template <class Question>
class RoundTrip final : public Burden {
 public:
  RoundTrip(const Shard& here, const Shard& there, Question question) : here_{here}, there_{there}, question_{std::move(question)} {}

  void deliver(std::unique_ptr<Burden> self) override {
    if (std::exchange(asked_, true)) return question_.answer();
    question_.ask(*there_.engine);
    there_.courier->carry(*here_.courier, std::move(self));
  }

 private:
  Shard here_;
  Shard there_;
  Question question_;
  bool asked_ = false;
};

template <class Question>
void ask(const Shard& here, const Shard& there, Question question) {
  here.courier->carry(*there.courier, std::make_unique<RoundTrip<Question>>(here, there, std::move(question)));
}

// Catches an engine's answer where the asking session lives on another thread.
class Catcher final : public Correspondent {
 public:
  // `verdicts`: one for each recipient of what is put.
  explicit Catcher(std::span<Verdict> verdicts = {}) noexcept : verdicts_{verdicts} {}
  void opened(const mailbox::Opened&) override {}
  void wake() override {}
  void replaced() override {}
  void acknowledged(std::uint32_t) override {}
  void decided(mailbox::Ticket, std::span<const Verdict> verdicts) override { std::ranges::copy(verdicts, verdicts_.begin()); }
  void recalled(mailbox::Ticket, mailbox::RecallStatus answer) override { status = answer; }

  mailbox::RecallStatus status = mailbox::RecallStatus::unknown;

 private:
  std::span<Verdict> verdicts_;
};

// A send to one recipient: most are.
struct PutToOne {
  mailbox::Ticket ticket;
  mailbox::Submission submission;
  mailbox::Recipient recipient;
  std::weak_ptr<Correspondent> session;
  Verdict verdict{};

  void ask(MemoryMailboxes& engine) {
    Catcher catcher{{&verdict, 1}};
    engine.put(0, std::move(submission), {&recipient, 1}, catcher, clock_now());
  }
  void answer() const {
    if (const auto living = session.lock()) living->decided(ticket, {&verdict, 1});
  }
};

// What is still to come of one send that touches several shards. Lives on the sender's thread; the parts that travel hold
// it alive but don't look into it elsewhere.
struct Gathering {
  mailbox::Ticket ticket = 0;
  std::weak_ptr<Correspondent> session;
  std::vector<Verdict> verdicts;
  std::size_t outstanding = 0;
};

// One shard's part: which recipients of the send it has, and what it decided.
struct PutToSome {
  std::shared_ptr<Gathering> gathering;
  mailbox::Submission submission;
  std::vector<mailbox::Recipient> recipients;
  std::vector<std::size_t> positions;
  std::vector<Verdict> verdicts;

  void ask(MemoryMailboxes& engine) {
    verdicts.resize(recipients.size());
    Catcher catcher{verdicts};
    engine.put(0, std::move(submission), recipients, catcher, clock_now());
  }
  void answer() const {
    for (std::size_t i = 0; i < positions.size(); ++i) gathering->verdicts[positions[i]] = verdicts[i];
    if (--gathering->outstanding > 0) return;
    if (const auto living = gathering->session.lock()) living->decided(gathering->ticket, gathering->verdicts);
  }
};

struct Recalling {
  mailbox::Ticket ticket;
  MessageId id;
  Address device;
  std::vector<mailbox::SenderKey> senders;
  std::weak_ptr<Correspondent> session;
  mailbox::RecallStatus status = mailbox::RecallStatus::unknown;

  void ask(MemoryMailboxes& engine) {
    Catcher catcher;
    engine.recall(0, id, device, senders, catcher, clock_now());
    status = catcher.status;
  }
  void answer() const {
    if (const auto living = session.lock()) living->recalled(ticket, status);
  }
};

struct Counting {
  Address device;
  std::function<void(const mailbox::Waiting&)> heard;
  mailbox::Waiting waiting{};

  void ask(const MemoryMailboxes& engine) { waiting = engine.waiting(device); }
  void answer() const { heard(waiting); }
};

// A receipt, which nobody answers.
class Deposit final : public Burden {
 public:
  Deposit(MemoryMailboxes& engine, const Address& to, const mailbox::Receipt& receipt) : engine_{engine}, to_{to}, receipt_{receipt} {}
  void deliver(std::unique_ptr<Burden>) override { engine_.deposit(to_, receipt_, clock_now()); }

 private:
  MemoryMailboxes& engine_;
  Address to_;
  mailbox::Receipt receipt_;
};

mailbox::Submission copy_of(const mailbox::Submission& submission) {
  mailbox::Submission copy;
  copy.id = submission.id;
  copy.payload = submission.share_payload();
  copy.ttl = submission.ttl;
  copy.urgency = submission.urgency;
  copy.receipt_to = submission.receipt_to;
  return copy;
}

}  // namespace

unsigned ShardedMailboxes::shard_of(const Address& device) const noexcept {
  if (shards_.size() == 1) return 0;
  return static_cast<unsigned>(hash_(device.bytes) % shards_.size());
}

void ShardedMailboxes::open(const Address& device, const mailbox::Announcement& announcement, Correspondent& session, Instant now) {
  LETHE_CHECK(shard_of(device) == own_);
  own().open(device, announcement, session, now);
}

void ShardedMailboxes::put(mailbox::Ticket ticket, mailbox::Submission submission, std::span<const mailbox::Recipient> recipients,
                           Correspondent& session, Instant now) {
  const auto is_own = [this](const mailbox::Recipient& recipient) { return shard_of(recipient.device) == own_; };
  if (std::all_of(recipients.begin(), recipients.end(), is_own)) {
    return own().put(ticket, std::move(submission), recipients, session, now);
  }
  if (recipients.size() > 1) return put_to_several(ticket, submission, recipients, session);
  const mailbox::Recipient& recipient = recipients.front();
  ask(shards_[own_], shards_[shard_of(recipient.device)], PutToOne{ticket, std::move(submission), recipient, session.weak_from_this()});
}

void ShardedMailboxes::put_to_several(mailbox::Ticket ticket, const mailbox::Submission& submission,
                                      std::span<const mailbox::Recipient> recipients, Correspondent& session) {
  const auto gathering = std::make_shared<Gathering>();
  gathering->ticket = ticket;
  gathering->session = session.weak_from_this();
  gathering->verdicts.resize(recipients.size());
  std::vector<PutToSome> parts(shards_.size());
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    PutToSome& part = parts[shard_of(recipients[i].device)];
    if (part.recipients.empty()) ++gathering->outstanding;
    part.recipients.push_back(recipients[i]);
    part.positions.push_back(i);
  }
  for (std::size_t shard = 0; shard < parts.size(); ++shard) {
    PutToSome& part = parts[shard];
    if (part.recipients.empty()) continue;
    part.gathering = gathering;
    part.submission = copy_of(submission);
    if (shard != own_) {
      ask(shards_[own_], shards_[shard], std::move(part));
      continue;
    }
    // This shard's own part is done at once, so that a later message can't pass it.
    part.ask(own());
    part.answer();
  }
}

void ShardedMailboxes::recall(mailbox::Ticket ticket, const MessageId& id, const Address& device,
                              std::span<const mailbox::SenderKey> senders, Correspondent& session, Instant now) {
  const unsigned shard = shard_of(device);
  if (shard == own_) return own().recall(ticket, id, device, senders, session, now);
  ask(shards_[own_], shards_[shard], Recalling{ticket, id, device, {senders.begin(), senders.end()}, session.weak_from_this()});
}

void ShardedMailboxes::receipt(const Address& to, const mailbox::Receipt& receipt, Instant now) {
  const Shard& there = shards_[shard_of(to)];
  if (&there == &shards_[own_]) return own().deposit(to, receipt, now);
  shards_[own_].courier->carry(*there.courier, std::make_unique<Deposit>(*there.engine, to, receipt));
}

void ShardedMailboxes::count_waiting(const Address& device, std::function<void(const mailbox::Waiting&)> answer) {
  const unsigned shard = shard_of(device);
  if (shard == own_) return answer(own().waiting(device));
  ask(shards_[own_], shards_[shard], Counting{device, std::move(answer)});
}

}  // namespace lethe::net
