// Acceptance: who may send, what is recognised, what has room.
#include <algorithm>
#include <utility>

#include "mailbox/memory_mailboxes.hpp"

namespace lethe::mailbox {
namespace {

Verdict refuse(Refusal refusal, seconds retry_after = seconds{0}) { return {refusal, retry_after, seconds{0}}; }

}  // namespace

struct MemoryMailboxes::Admission {
  bool admitted = false;
  const Grant* grant = nullptr;   // the invite that counts, where one does
};

void MemoryMailboxes::put(Ticket ticket, Submission submission, std::span<const Recipient> recipients,
                          Correspondent& session, Instant now) {
  std::vector<Verdict> verdicts = std::exchange(verdicts_, {});
  const bool several = recipients.size() > 1;
  seen_.clear();
  for (const Recipient& recipient : recipients) {
    const Verdict verdict = decide(submission, recipient, several, now);
    if (verdict.refusal != Refusal::none) tally_.refused[static_cast<std::size_t>(verdict.refusal)].add();
    verdicts.push_back(verdict);
  }
  // Where nobody took it, the bytes are overwritten before the sender hears so.
  submission.payload = Payload{};
  session.decided(ticket, verdicts);
  verdicts.clear();
  if (verdicts_.empty()) verdicts_ = std::move(verdicts);
  flush(now);
}

Verdict MemoryMailboxes::decide(const Submission& submission, const Recipient& recipient, bool several, Instant now) {
  const std::uint64_t address_hash = depot_.hash(recipient.device);
  if (several && !seen_.insert(address_hash).second) return refuse(Refusal::duplicate_recipient);
  const Offer offer{submission, recipient, address_hash, depot_.hash(address_hash, submission.id)};
  acknowledged_.prefetch(offer.hash);
  const std::uint32_t index = depot_.find(recipient.device, address_hash);
  const Admission admission = admit(index, recipient);
  if (!admission.admitted) return refuse(Refusal::not_invited);
  const Verdict verdict = accept(index, offer, admission.grant, now);
  if (index != kNone) settle(index, now);
  return verdict;
}

Verdict MemoryMailboxes::accept(std::uint32_t index, const Offer& offer, const Grant* grant, Instant now) {
  seconds ttl = std::min(offer.submission.ttl, seconds{kLongestTtl});
  if (grant != nullptr && grant->max_ttl.count() != 0) ttl = std::min(ttl, grant->max_ttl);
  if (const auto verdict = repeated(index, offer, ttl, now)) return *verdict;
  if (grant != nullptr) {
    const seconds wait = rates_.wait(grant->key, grant->rate, now.mono);
    if (wait.count() != 0) return refuse(Refusal::rate_limited, wait);
  }
  const Verdict verdict = store(index, offer, ttl, now);
  if (verdict.refusal == Refusal::none && grant != nullptr && grant->rate != 0) rates_.count(grant->key, now.mono);
  return verdict;
}

// An unknown mailbox goes the way of an invited one, with the same comparisons: neither answer nor time tells them apart.
MemoryMailboxes::Admission MemoryMailboxes::admit(std::uint32_t index, const Recipient& recipient) const noexcept {
  const Mailbox& mailbox = index == kNone ? unknown_ : depot_.mailbox(index);
  Admission admission;
  if (recipient.own) return {recipient.authenticated, nullptr};
  if (recipient.grant) {
    const Grant& grant = *recipient.grant;
    const bool revoked = mailbox.extra != nullptr &&
                         std::ranges::find(mailbox.extra->revoked, grant.label) != mailbox.extra->revoked.end();
    const bool valid = !revoked && grant.generation >= mailbox.generation && (mailbox.known || !grant.this_epoch_only) &&
                       (recipient.authenticated || grant.anonymous);
    if (valid) admission = {true, &grant};
  }
  if (recipient.authenticated && mailbox.anyone) admission.admitted = true;
  return admission;
}

std::optional<Verdict> MemoryMailboxes::repeated(std::uint32_t index, const Offer& offer, seconds ttl, Instant now) {
  const std::uint32_t entry = index == kNone ? kNone : depot_.find_message(index, offer.submission.id, offer.hash);
  if (entry != kNone && depot_.envelope(entry).expired(now.mono)) {
    // It is a new message then. The mailbox stays: whether it is needed is settled after the decision.
    leave(entry, Leaving::expired, now);
  } else if (entry != kNone) {
    tally_.duplicates.add();
    return Verdict{Refusal::none, seconds{0}, seconds{depot_.envelope(entry).ttl}};
  }
  if (!acknowledged_.contains(offer.hash, now.mono)) return std::nullopt;
  tally_.duplicates.add();
  return Verdict{Refusal::none, seconds{0}, ttl};
}

Verdict MemoryMailboxes::store(std::uint32_t index, const Offer& offer, seconds ttl, Instant now) {
  const bool attached = index != kNone && depot_.mailbox(index).session != nullptr;
  if (ttl.count() == 0 && !attached) return refuse(Refusal::offline);
  const std::uint32_t instead = to_displace(index, offer.recipient, now);
  const Refusal refusal = room(index, offer, instead);
  if (refusal != Refusal::none) return refuse(refusal);
  if (index == kNone) index = depot_.create(offer.recipient.device, offer.address_hash);
  if (index == kNone) {
    budget_.release(offer.submission.payload.size());
    return refuse(Refusal::relay_full);
  }
  if (instead != kNone) leave(instead, Leaving::displaced, now);
  queue(index, offer, ttl, now);
  return {Refusal::none, seconds{0}, ttl};
}

std::uint32_t MemoryMailboxes::to_displace(std::uint32_t index, const Recipient& recipient, Instant now) {
  if (index == kNone || recipient.topic == TopicKey{}) return kNone;
  const std::uint32_t entry = depot_.find_topic(index, recipient.topic);
  if (entry == kNone || !depot_.envelope(entry).expired(now.mono)) return entry;
  leave(entry, Leaving::expired, now);
  return kNone;
}

// Whether there is room, once `instead` is gone. Charges the relay's budget where there is.
Refusal MemoryMailboxes::room(std::uint32_t index, const Offer& offer, std::uint32_t instead) {
  const ByteCount bytes = offer.submission.payload.size();
  const MailboxLimits& limits = limits_.mailbox;
  if (index != kNone) {
    Mailbox& mailbox = depot_.mailbox(index);
    const ByteCount freed = instead == kNone ? 0 : depot_.envelope(instead).bytes();
    const std::uint32_t kept = mailbox.message_count() - (instead == kNone ? 0U : 1U);
    if (kept >= limits.messages || mailbox.bytes - freed + bytes > limits.bytes) return Refusal::mailbox_full;
    if (!depot_.share_allows(mailbox, offer.recipient.sender, bytes, instead)) return Refusal::mailbox_full;
  } else if (limits.messages == 0 || bytes > limits.bytes || !depot_.share_allows(SenderShare{}, bytes)) {
    return Refusal::mailbox_full;
  }
  return budget_.charge(bytes, offer.submission.urgency) ? Refusal::none : Refusal::relay_full;
}

void MemoryMailboxes::queue(std::uint32_t index, const Offer& offer, seconds ttl, Instant now) {
  const auto& [submission, recipient, address_hash, hash] = offer;
  const bool ephemeral = ttl.count() == 0;
  Envelope envelope;
  envelope.payload = submission.share_payload();
  envelope.id = submission.id;
  envelope.deadline = (now.mono + (ephemeral ? limits_.message.ephemeral_wait : ttl)).time_since_epoch().count();
  envelope.sender = recipient.sender;
  envelope.ttl = static_cast<std::uint32_t>(ttl.count()) & kLongestTtl;
  envelope.urgency = static_cast<std::uint32_t>(submission.urgency) & 3U;
  envelope.ephemeral = ephemeral ? 1 : 0;
  std::optional<EnvelopeExtra> extra;
  if (recipient.topic != TopicKey{} || submission.receipt_to) {
    extra = EnvelopeExtra{recipient.topic, submission.receipt_to.value_or(Address{}), submission.receipt_to.has_value()};
  }
  depot_.add(index, std::move(envelope), extra, hash, now);
  tally_.accepted.add();
}

}  // namespace lethe::mailbox
