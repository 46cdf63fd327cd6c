#pragma once
// What a session is tried with, without a socket: an engine that answers as it is told and when it is told, an outbox that
// writes down what it gets, and everything else that a Conversation needs.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <lethe/mailbox/mailboxes.hpp>

#include "base/arena.hpp"
#include "base/keyed_hash.hpp"
#include "base/tally.hpp"
#include "identity/invite_cache.hpp"
#include "session/conversation.hpp"
#include "support/keys.hpp"

namespace lethe::test {

// Records calls. `immediate`: answers within the call, as the embedded engine does; else the test answers with answer_*,
// in any order and as late as it likes.
class ScriptedMailboxes final : public mailbox::Mailboxes {
 public:
  struct Put {
    mailbox::Ticket ticket = 0;
    mailbox::Submission submission;
    std::vector<mailbox::Recipient> recipients;
    std::shared_ptr<mailbox::Correspondent> session;
  };
  struct Acked {
    std::uint64_t attachment = 0;
    Seq up_to = 0;
    std::vector<Seq> seqs;
  };
  struct Recall {
    mailbox::Ticket ticket = 0;
    MessageId id;
    Address device;
    std::vector<mailbox::SenderKey> senders;
  };

  bool immediate = true;
  bool keep = true;   // false: forget submissions, for counting allocations
  mailbox::Opened next_opened{{7, 1}, 0, 0, {}};
  std::function<mailbox::Verdict(const mailbox::Recipient&)> verdict;
  mailbox::RecallStatus recall_status = mailbox::RecallStatus::wiped;
  std::uint32_t removes = 1;
  std::function<bool(mailbox::Sink&)> on_pull;

  std::vector<std::pair<Address, mailbox::Announcement>> opens;
  std::vector<std::uint64_t> closes;
  std::vector<std::pair<std::uint64_t, mailbox::Announcement>> announcements;
  std::vector<Put> puts;
  std::vector<Acked> acks;
  std::vector<Recall> recalls;
  std::size_t pulls = 0;

  mailbox::Verdict decide(const mailbox::Recipient& recipient) const {
    return verdict ? verdict(recipient) : mailbox::Verdict{mailbox::Refusal::none, {}, seconds{60}};
  }
  void answer_put(std::size_t index) {
    Put& put = puts.at(index);
    std::vector<mailbox::Verdict> verdicts;
    for (const mailbox::Recipient& recipient : put.recipients) verdicts.push_back(decide(recipient));
    put.session->decided(put.ticket, verdicts);
  }

  void open(const Address& device, const mailbox::Announcement& announcement, mailbox::Correspondent& session,
            Instant) override {
    opens.emplace_back(device, announcement);
    if (immediate) session.opened(next_opened);
  }
  void close(mailbox::Attachment attachment, Instant) override { closes.push_back(attachment.number); }
  void announce(mailbox::Attachment attachment, const mailbox::Announcement& announcement, Instant) override {
    announcements.emplace_back(attachment.number, announcement);
  }
  void put(mailbox::Ticket ticket, mailbox::Submission submission, std::span<const mailbox::Recipient> recipients,
           mailbox::Correspondent& session, Instant) override {
    if (!keep) {
      const mailbox::Verdict one = decide(recipients.front());
      return session.decided(ticket, {&one, 1});
    }
    puts.push_back({ticket, std::move(submission), {recipients.begin(), recipients.end()}, session.shared_from_this()});
    if (immediate) answer_put(puts.size() - 1);
  }
  bool pull(mailbox::Attachment, mailbox::Sink& sink, Instant) override {
    ++pulls;
    return on_pull ? on_pull(sink) : false;
  }
  void acknowledge(mailbox::Attachment attachment, Seq up_to, std::span<const Seq> seqs, Instant) override {
    acks.push_back({attachment.number, up_to, {seqs.begin(), seqs.end()}});
    if (immediate) acker->acknowledged(removes);
  }
  void recall(mailbox::Ticket ticket, const MessageId& id, const Address& device,
              std::span<const mailbox::SenderKey> senders, mailbox::Correspondent& session, Instant) override {
    recalls.push_back({ticket, id, device, {senders.begin(), senders.end()}});
    if (immediate) session.recalled(ticket, recall_status);
  }
  std::uint64_t purge(const Address&, Instant) override { return 0; }
  void sweep(Instant) override {}
  mailbox::Occupancy occupancy() const override { return {}; }

  mailbox::Correspondent* acker = nullptr;   // whom an immediate acknowledgement is answered to
};

class RecordingOutbox final : public session::Outbox {
 public:
  using Entry = std::variant<wire::ServerMessage, wire::Closing>;
  std::vector<wire::ServerMessage> said;
  std::vector<wire::Closing> closings;
  std::size_t wakes = 0;

  void push(const wire::ServerMessage& message) override { said.push_back(checked(message)); }
  void push(const wire::Sent& message) override { said.push_back(checked(wire::ServerMessage{message})); }
  void wake() override { ++wakes; }
  void close(const wire::Closing& closing) override { closings.push_back(closing); }

  // The messages of one kind, in order.
  template <class Message>
  std::vector<Message> all() const {
    std::vector<Message> found;
    for (const wire::ServerMessage& message : said) {
      if (const auto* one = std::get_if<Message>(&message)) found.push_back(*one);
    }
    return found;
  }
  template <class Message>
  Message only() const {
    const std::vector<Message> found = all<Message>();
    if (found.size() != 1) throw std::logic_error("not exactly one such message");
    return found.front();
  }
  std::optional<wire::CloseReason> closed() const {
    if (closings.size() != 1) return std::nullopt;
    return closings.front().reason;
  }
  // Pushed after the last words: what an Outbox is never to see.
  std::size_t after_closing = 0;

 private:
  const wire::ServerMessage& checked(const wire::ServerMessage& message) {
    if (!closings.empty()) ++after_closing;
    return message;
  }
};

// A world for conversations: time, engine, arena, invites.
class SessionProbe {
 public:
  Limits limits;
  Arena arena{Arena::Options{1 << 20, MemoryLocking::off, SecretMemory::off, 1}};
  KeyedHash hash{KeyedHash::Key{1, 2, 3}};
  identity::InviteCache invites{hash, 1'000};
  ScriptedMailboxes mailboxes;
  RecordingOutbox outbox;
  Tally tally;
  Epoch epoch{42};
  Instant now{Monotonic{seconds{1'000}}, Wall{seconds{1'700'000'000}}};

  session::Services services() { return {limits, epoch, arena.shard(0), mailboxes, invites, hash, tally}; }
  std::shared_ptr<session::Conversation> begin(std::optional<session::Credentials> credentials = {}) {
    auto conversation = std::make_shared<session::Conversation>(services(), outbox, std::move(credentials), now);
    mailboxes.acker = conversation.get();
    conversation->start(now);
    return conversation;
  }
  std::shared_ptr<session::Conversation> begin_as(const Address& device) {
    return begin(session::Credentials{device, {}, {}, {}});
  }
  void pass(milliseconds time) {
    now.mono += time;
    now.wall += time;
  }
};

inline Address address_of(std::uint8_t number) {
  Address address;
  address.bytes.fill(number);
  return address;
}

inline MessageId id_of(std::uint8_t number) {
  MessageId id;
  id.bytes.fill(number);
  return id;
}

// A send of `size` payload bytes to `to`.
inline wire::Send send_to(std::vector<wire::SendTo> to, std::uint8_t id = 1, std::size_t size = 16) {
  static const std::vector<std::uint8_t> bytes(1 << 20, 0x5a);
  wire::Send send;
  send.id = id_of(id);
  send.to = std::move(to);
  send.payload = wire::PayloadSource{std::span{bytes}.first(size), size, wire::Encoding::binary};
  return send;
}

// Delivers `count` messages into the sink, or as many as it takes; returns how many.
inline std::size_t deliver(mailbox::Sink& sink, std::size_t count) {
  static const MessageId id;
  static const mailbox::Payload payload;
  std::size_t taken = 0;
  while (taken < count && sink.deliver(mailbox::Delivery{taken + 1, id, {}, {}, false, payload})) ++taken;
  return taken;
}

// Takes up to `room` entries.
class CountingRoom final : public mailbox::Sink {
 public:
  explicit CountingRoom(std::size_t room) : room_{room} {}
  bool deliver(const mailbox::Delivery&) override { return take(); }
  bool deliver(const mailbox::ReceiptDelivery&) override { return take(); }
  void caught_up() override { ++caught_ups; }
  std::size_t caught_ups = 0;

 private:
  bool take() { return room_ > 0 && room_-- > 0; }
  std::size_t room_;
};

}  // namespace lethe::test
