#include "net/sharded_mailboxes.hpp"

#include <algorithm>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>

#include "base/check.hpp"
#include "net/executor.hpp"
#include "net/heap_allocator.hpp"

namespace lethe::net {
namespace {

using mailbox::Correspondent;
using mailbox::Verdict;

// What is still to come of one send that touches several shards. Lives on the sender's thread; the parts that travel hold
// it alive but don't look into it elsewhere.
struct Gathering {
  mailbox::Ticket ticket = 0;
  std::weak_ptr<Correspondent> session;
  std::vector<Verdict> verdicts;
  std::size_t outstanding = 0;
};

// One shard's part: which recipients of the send it has, and what it decided.
struct Part {
  std::vector<mailbox::Recipient> recipients;
  std::vector<std::size_t> positions;
  std::vector<Verdict> verdicts;
};

// Catches an engine's answer where the asking session lives on another thread.
class Catcher final : public Correspondent {
 public:
  void opened(const mailbox::Opened&) override {}
  void wake() override {}
  void replaced() override {}
  void acknowledged(std::uint32_t) override {}
  void decided(mailbox::Ticket, std::span<const Verdict> verdicts) override { caught.assign(verdicts.begin(), verdicts.end()); }
  void recalled(mailbox::Ticket, mailbox::RecallStatus answer) override { status = answer; }

  std::vector<Verdict> caught;
  mailbox::RecallStatus status = mailbox::RecallStatus::unknown;
};

// To another shard's thread, or back: ids and addresses go with it and stay neither in the handler's memory nor on the stack.
template <class Work>
void post(const Shard& shard, Work work) {
  auto handler = [stack = shard.stack, executor = shard.context->get_executor(), work = std::move(work)]() mutable {
    work();
    stack->due(executor);
  };
  boost::asio::post(*shard.context, boost::asio::bind_allocator(HeapAllocator<void>{}, std::move(handler)));
}

mailbox::Submission copy_of(const mailbox::Submission& submission) {
  mailbox::Submission copy;
  copy.id = submission.id;
  copy.payload = submission.share_payload();
  copy.ttl = submission.ttl;
  copy.urgency = submission.urgency;
  copy.receipt_to = submission.receipt_to;
  return copy;
}

void collect(Gathering& gathering, const Part& part) {
  for (std::size_t i = 0; i < part.positions.size(); ++i) gathering.verdicts[part.positions[i]] = part.verdicts[i];
  if (--gathering.outstanding > 0) return;
  if (const auto session = gathering.session.lock()) session->decided(gathering.ticket, gathering.verdicts);
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
  put_across(ticket, std::move(submission), recipients, session);
}

void ShardedMailboxes::put_across(mailbox::Ticket ticket, mailbox::Submission submission,
                                  std::span<const mailbox::Recipient> recipients, Correspondent& session) {
  std::vector<Part> parts(shards_.size());
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    Part& part = parts[shard_of(recipients[i].device)];
    part.recipients.push_back(recipients[i]);
    part.positions.push_back(i);
  }
  const auto gathering = std::make_shared<Gathering>();
  gathering->ticket = ticket;
  gathering->session = session.weak_from_this();
  gathering->verdicts.resize(recipients.size());
  gathering->outstanding = static_cast<std::size_t>(
      std::count_if(parts.begin(), parts.end(), [](const Part& part) { return !part.positions.empty(); }));
  const Shard& home = shards_[own_];
  for (std::size_t shard = 0; shard < parts.size(); ++shard) {
    if (parts[shard].positions.empty()) continue;
    auto ask = [engine = shards_[shard].engine, share = copy_of(submission), part = std::move(parts[shard])]() mutable {
      Catcher catcher;
      engine->put(0, std::move(share), part.recipients, catcher, clock_now());
      part.verdicts = std::move(catcher.caught);
      return std::move(part);
    };
    // This shard's own part is done at once, so that a later message can't pass it.
    if (shard == own_) {
      collect(*gathering, ask());
      continue;
    }
    post(shards_[shard], [&home, gathering, ask = std::move(ask)]() mutable {
      post(home, [gathering = std::move(gathering), part = ask()] { collect(*gathering, part); });
    });
  }
}

void ShardedMailboxes::recall(mailbox::Ticket ticket, const MessageId& id, const Address& device,
                              std::span<const mailbox::SenderKey> senders, Correspondent& session, Instant now) {
  const unsigned shard = shard_of(device);
  if (shard == own_) return own().recall(ticket, id, device, senders, session, now);
  const Shard& home = shards_[own_];
  post(shards_[shard], [engine = shards_[shard].engine, &home, ticket, id, device, asker = session.weak_from_this(),
                        keys = std::vector<mailbox::SenderKey>(senders.begin(), senders.end())]() mutable {
    Catcher catcher;
    engine->recall(0, id, device, keys, catcher, clock_now());
    post(home, [asker = std::move(asker), ticket, status = catcher.status] {
      if (const auto living = asker.lock()) living->recalled(ticket, status);
    });
  });
}

void ShardedMailboxes::receipt(const Address& to, const mailbox::Receipt& receipt, Instant now) {
  const unsigned shard = shard_of(to);
  if (shard == own_) return own().deposit(to, receipt, now);
  post(shards_[shard], [engine = shards_[shard].engine, to, receipt] { engine->deposit(to, receipt, clock_now()); });
}

void ShardedMailboxes::count_waiting(const Address& device, std::function<void(const mailbox::Waiting&)> answer) {
  const unsigned shard = shard_of(device);
  if (shard == own_) return answer(own().waiting(device));
  post(shards_[shard], [engine = shards_[shard].engine, &home = shards_[own_], device, answer = std::move(answer)]() mutable {
    post(home, [answer = std::move(answer), waiting = engine->waiting(device)] { answer(waiting); });
  });
}

}  // namespace lethe::net
