#include "session/conversation.hpp"

#include <algorithm>
#include <utility>

#include "identity/invite_cache.hpp"
#include "session/counting_sink.hpp"
#include "session/jitter.hpp"
#include "session/sender_keys.hpp"
#include "wire/payload_writer.hpp"

namespace lethe::session {
namespace {

using wire::CloseReason;
using wire::ErrorCode;

constexpr seconds busy_retry{1};           // until the engine has answered some of what it was asked
constexpr seconds no_mailbox_retry{60};    // until the relay may know another mailbox
constexpr seconds arena_full_retry{10};

std::uint64_t rate_of(const std::optional<Credentials>& credentials, auto Quota::*quota, std::uint64_t by_default) {
  if (!credentials || !credentials->quota || (*credentials->quota).*quota == 0) return by_default;
  return (*credentials->quota).*quota;
}

std::optional<Address> device_of(const std::optional<Credentials>& credentials) {
  if (!credentials) return std::nullopt;
  return credentials->device;
}

void merge(mailbox::Announcement& into, const mailbox::Announcement& from) {
  if (from.anyone) into.anyone = from.anyone;
  if (from.generation) into.generation = std::max(*from.generation, into.generation.value_or(0));
  if (from.revoked) into.revoked = from.revoked;
  if (from.window) into.window = from.window;
  if (from.min_urgency) into.min_urgency = from.min_urgency;
}

}  // namespace

Conversation::Conversation(const Services& services, Outbox& outbox, std::optional<Credentials> credentials, Instant now)
    : services_{services},
      outbox_{&outbox},
      credentials_{std::move(credentials)},
      now_{now},
      addressing_{services.invites, services.hash, device_of(credentials_)},
      sends_{rate_of(credentials_, &Quota::sends_per_second, services.limits.session.sends_per_second), now.mono},
      bytes_{rate_of(credentials_, &Quota::bytes_per_second, services.limits.session.bytes_per_second), now.mono},
      verifications_{services.limits.session.verifications_per_second, now.mono} {}

Conversation::~Conversation() {
  end(now_);
}

void Conversation::start(Instant now) {
  now_ = now;
  if (!open_ || !credentials_) return;
  // A list of revocations can be long; the engine has it from here on.
  const mailbox::Announcement announcement = std::exchange(credentials_->mailbox, {});
  services_.mailboxes.open(credentials_->device, announcement, *this, now);
}

void Conversation::opened(const mailbox::Opened& opened) {
  if (!open_) {
    // It ended while the engine was opening: nobody else would close this attachment.
    if (opened.attachment) services_.mailboxes.close(opened.attachment, now_);
    return;
  }
  if (!opened.attachment) return close(CloseReason::rate_limited, spread(no_mailbox_retry));
  attachment_ = opened.attachment;
  const bool continuous = !credentials_->epoch || *credentials_->epoch == services_.epoch;
  outbox_->push(wire::Ready{credentials_->device, services_.epoch, opened.queued, opened.queued_bytes, opened.missed,
                            continuous});
  if (!early_) return;
  services_.mailboxes.announce(attachment_, *early_, now_);
  early_.reset();
}

void Conversation::on(const wire::Auth&) {
  if (open_) fail(ErrorCode::forbidden, "This session can't authenticate any more.");
}

void Conversation::on(const wire::Send& send) {
  if (!open_ || !within_rates(send) || !within_limits(send) || !has_room_for_request(send.id)) return;
  Placement placement;
  Addressing::Recipients recipients;
  address(send, placement, recipients);
  // Memory is taken only where somebody may still accept.
  if (recipients.empty()) return outbox_->push(answer_to(placement, {}));

  wire::PayloadWriter::Stored stored = wire::PayloadWriter::store(send.payload, services_.arena);
  switch (stored.outcome) {
    case wire::PayloadWriter::Outcome::malformed:
      return fail(ErrorCode::malformed, "The payload is not base64url.", send.id);
    case wire::PayloadWriter::Outcome::arena_full:
      return refuse(placement, {mailbox::Refusal::relay_full, arena_full_retry, {}});
    case wire::PayloadWriter::Outcome::stored:
      return put(send, std::move(stored.payload), placement, recipients);
  }
}

bool Conversation::within_rates(const wire::Send& send) {
  const std::uint64_t size = send.payload.size();
  const bool invited = std::any_of(send.to.begin(), send.to.end(), [](const wire::SendTo& to) { return to.invite.has_value(); });
  seconds wait = std::max(sends_.retry_after(1, now_.mono), bytes_.retry_after(size, now_.mono));
  if (invited) wait = std::max(wait, verifications_.retry_after(1, now_.mono));
  if (wait > seconds{0}) {
    fail(ErrorCode::rate_limited, "This session sends too much.", send.id, wait);
    return false;
  }
  sends_.take(1, now_.mono);
  bytes_.take(size, now_.mono);
  return true;
}

bool Conversation::within_limits(const wire::Send& send) {
  const MessageLimits& limits = services_.limits.message;
  if (send.payload.size() > limits.payload) {
    fail(ErrorCode::too_large, "The payload is too large.", send.id);
    return false;
  }
  if (send.to.size() > limits.recipients) {
    fail(ErrorCode::too_many_recipients, "The send has too many recipients.", send.id);
    return false;
  }
  return true;
}

bool Conversation::has_room_for_request(const std::optional<MessageId>& id) {
  const std::size_t requests = placements_.size() + recalls_.size() + acks_.pings_waiting();
  if (requests < outstanding_limit && recipients_waiting_ < recipients_limit) return true;
  fail(ErrorCode::rate_limited, "Too many requests wait for an answer.", id, busy_retry);
  return false;
}

void Conversation::address(const wire::Send& send, Placement& placement, Addressing::Recipients& recipients) {
  const MessageLimits& limits = services_.limits.message;
  placement.id = send.id;
  placement.ttl = std::clamp(send.ttl.value_or(limits.default_ttl), seconds{0}, limits.ttl);
  const std::uint64_t before = services_.invites.verifications();
  addressing_.resolve(send, now_, placement, recipients);
  for (const Placement::Slot& slot : placement.slots) {
    if (slot.refusal != mailbox::Refusal::none) count_refusal(slot.refusal);
  }
  // What they cost is known only now, so it may be owed.
  const std::uint64_t verified = services_.invites.verifications() - before;
  if (verified > 0) verifications_.charge(verified, now_.mono);
}

void Conversation::put(const wire::Send& send, mailbox::Payload payload, Placement& placement,
                       const Addressing::Recipients& recipients) {
  mailbox::Submission submission;
  submission.id = send.id;
  submission.payload = std::move(payload);
  submission.ttl = placement.ttl;
  submission.urgency = send.urgency;
  if (send.receipt && credentials_) submission.receipt_to = credentials_->device;
  const mailbox::Ticket ticket = ++tickets_;
  placing_ = &placement;
  services_.mailboxes.put(ticket, std::move(submission), recipients, *this, now_);
  // The embedded engine has answered by now; only for a later answer must the send be kept.
  if (std::exchange(placing_, nullptr) == nullptr || !open_) return;
  recipients_waiting_ += placement.slots.size();
  placements_.emplace(ticket, std::move(placement));
}

void Conversation::decided(mailbox::Ticket ticket, std::span<const mailbox::Verdict> verdicts) {
  if (!open_) return;
  if (placing_ != nullptr && ticket == tickets_) return outbox_->push(answer_to(*std::exchange(placing_, nullptr), verdicts));
  const auto found = placements_.find(ticket);
  if (found == placements_.end()) return;
  const wire::Sent sent = answer_to(found->second, verdicts);
  recipients_waiting_ -= found->second.slots.size();
  placements_.erase(found);
  outbox_->push(sent);
}

void Conversation::refuse(const Placement& placement, const mailbox::Verdict& verdict) {
  for (std::size_t i = placement.asked(); i > 0; --i) count_refusal(verdict.refusal);
  outbox_->push(answer_to_all(placement, verdict));
}

void Conversation::count_refusal(mailbox::Refusal refusal) {
  services_.tally.refused[static_cast<std::size_t>(refusal)].add();
}

void Conversation::on(const wire::Ack& ack) {
  if (!open_) return;
  if (!credentials_) return fail(ErrorCode::forbidden, "An anonymous session has no mailbox.");
  // Before the mailbox is open nothing was delivered, so there is nothing to remove.
  if (!attachment_) return;
  // An ack can't be refused alone: a later pong would speak for it. No window is so large that a client needs this many.
  if (acks_.under_way() >= outstanding_limit) return close(CloseReason::rate_limited, spread(busy_retry));
  acks_.asked();
  services_.mailboxes.acknowledge(attachment_, ack.up_to, ack.seqs, now_);
}

void Conversation::acknowledged(std::uint32_t removed) {
  const std::uint64_t pongs = acks_.carried_out(removed);
  if (!open_) return;
  for (std::uint64_t i = 0; i < pongs; ++i) outbox_->push(wire::Pong{now_.wall});
}

void Conversation::on(const wire::Ping&) {
  if (!open_ || !has_room_for_request({})) return;
  if (acks_.ping()) outbox_->push(wire::Pong{now_.wall});
}

void Conversation::on(const wire::Recall& recall) {
  if (!open_ || !has_room_for_request(recall.id)) return;
  const std::span<const mailbox::SenderKey> senders = addressing_.senders();
  if (senders.empty()) return outbox_->push(wire::Recalled{recall.id, recall.device, mailbox::RecallStatus::unknown});
  const mailbox::Ticket ticket = ++tickets_;
  recalls_.emplace(ticket, Recalling{recall.id, recall.device});
  services_.mailboxes.recall(ticket, recall.id, recall.device, senders, *this, now_);
}

void Conversation::recalled(mailbox::Ticket ticket, mailbox::RecallStatus status) {
  if (!open_) return;
  const auto found = recalls_.find(ticket);
  if (found == recalls_.end()) return;
  outbox_->push(wire::Recalled{found->second.id, found->second.device, status});
  recalls_.erase(found);
}

void Conversation::on(const wire::MailboxChange& change) {
  if (!open_) return;
  if (!credentials_) return fail(ErrorCode::forbidden, "An anonymous session has no mailbox.");
  if (attachment_) return services_.mailboxes.announce(attachment_, change.mailbox, now_);
  if (!early_) early_.emplace();
  merge(*early_, change.mailbox);
}

void Conversation::on(const wire::Fault& fault) {
  if (!open_) return;
  fail(fault.code, fault.detail, fault.id);
  if (!fault.fatal) return;
  close(fault.code == ErrorCode::unauthenticated ? CloseReason::unauthenticated : CloseReason::protocol);
}

void Conversation::wake() {
  if (open_) outbox_->wake();
}

bool Conversation::pull(mailbox::Sink& sink, Instant now) {
  now_ = now;
  if (!open_ || !attachment_) return false;
  CountingSink counting{sink, acks_};
  return services_.mailboxes.pull(attachment_, counting, now);
}

void Conversation::replaced() {
  // The mailbox is the newer session's: there is nothing left to close.
  attachment_ = {};
  if (open_) close(CloseReason::replaced);
}

void Conversation::fail(ErrorCode code, std::string_view detail, const std::optional<MessageId>& id, seconds retry_after) {
  services_.tally.errors[static_cast<std::size_t>(code)].add();
  outbox_->push(wire::Error{code, detail, id, retry_after});
}

void Conversation::close(CloseReason reason, seconds retry_after) {
  outbox_->close(wire::Closing{reason, retry_after});
  leave();
}

// The keyed hash of the device is as good as random to a stranger, and spreads devices evenly.
seconds Conversation::spread(seconds base) const {
  return jittered(base, static_cast<std::uint64_t>(device_sender(credentials_->device, services_.hash)));
}

void Conversation::end(Instant now) {
  now_ = now;
  leave();
}

void Conversation::leave() {
  open_ = false;
  outbox_ = nullptr;
  early_.reset();
  placements_.clear();
  recalls_.clear();
  if (attachment_) services_.mailboxes.close(std::exchange(attachment_, {}), now_);
}

bool Conversation::settled() const noexcept {
  return !open_ || (placements_.empty() && acks_.under_way() == 0 && acks_.in_flight() == 0);
}

}  // namespace lethe::session
