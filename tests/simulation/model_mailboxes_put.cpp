// The model's acceptance, rule by rule.
#include <algorithm>

#include "simulation/model_mailboxes.hpp"

namespace lethe::test {

using mailbox::Fate;
using mailbox::Refusal;
using mailbox::Verdict;

namespace {

constexpr ByteCount kOverhead = 96;   // what the relay's budget is charged for an entry beside its payload
constexpr seconds kHour{3'600};

}  // namespace

std::vector<Verdict> ModelMailboxes::put(const ModelSend& send, const std::vector<ModelRecipient>& recipients, Monotonic now) {
  std::vector<Verdict> verdicts;
  std::set<std::uint64_t> seen;
  const std::uint64_t submission = ++last_order_;
  for (const ModelRecipient& recipient : recipients) {
    if (seen.insert(recipient.device).second) {
      verdicts.push_back(decide(send, recipient, submission, now));
      if (mailboxes_.contains(recipient.device)) settle(recipient.device, now);
    } else {
      verdicts.push_back({Refusal::duplicate_recipient, seconds{0}, seconds{0}});
    }
  }
  flush();
  return verdicts;
}

Verdict ModelMailboxes::decide(const ModelSend& send, const ModelRecipient& recipient, std::uint64_t submission, Monotonic now) {
  ModelMailbox none;
  ModelMailbox& mailbox = mailboxes_.contains(recipient.device) ? mailboxes_[recipient.device] : none;
  const bool own = recipient.authenticated && recipient.device == send.from;
  const mailbox::Grant* const grant = own ? nullptr : valid_grant(mailbox, recipient);
  if (!own && grant == nullptr && !(recipient.authenticated && mailbox.anyone)) return {Refusal::not_invited, {}, {}};

  seconds ttl = send.ttl;
  if (grant != nullptr && grant->max_ttl.count() != 0) ttl = std::min(ttl, grant->max_ttl);
  const auto same = std::ranges::find_if(mailbox.entries, [&](const ModelEntry& at) { return !at.receipt && at.id == send.id; });
  if (same != mailbox.entries.end()) {
    if (same->deadline > now) return {Refusal::none, {}, same->ttl};
    drop(recipient.device, same, Fate::expired, now);
  }
  const auto remembered = acknowledged_.find({recipient.device, send.id});
  if (remembered != acknowledged_.end() && remembered->second > now) return {Refusal::none, {}, ttl};
  if (const seconds wait = rate_wait(grant, now); wait.count() != 0) return {Refusal::rate_limited, wait, {}};
  if (ttl.count() == 0 && !mailbox.attached) return {Refusal::offline, {}, {}};

  const Where topic = std::ranges::find_if(mailbox.entries, [&](const ModelEntry& at) {
    return recipient.topic != 0 && at.topic == recipient.topic && !at.delivered;
  });
  std::uint64_t displaced = 0;
  ModelMailbox afterwards = mailbox;
  if (topic != mailbox.entries.end() && topic->deadline <= now) {
    drop(recipient.device, topic, Fate::expired, now);
    afterwards = mailbox;
  } else if (topic != mailbox.entries.end()) {
    displaced = topic->token;
    std::erase_if(afterwards.entries, [&](const ModelEntry& at) { return at.token == displaced; });
  }
  if (const Refusal full = room(afterwards, send, recipient); full != Refusal::none) return {full, {}, {}};
  if (displaced != 0) {
    drop(recipient.device, std::ranges::find(mailbox.entries, displaced, &ModelEntry::token), Fate::displaced, now);
  }
  queue(send, recipient, submission, ttl, now);
  count_rate(grant, now);
  return {Refusal::none, {}, ttl};
}

const mailbox::Grant* ModelMailboxes::valid_grant(const ModelMailbox& mailbox, const ModelRecipient& recipient) const {
  if (!recipient.grant) return nullptr;
  const mailbox::Grant& grant = *recipient.grant;
  if (grant.generation < mailbox.generation || mailbox.revoked.contains(grant.label.bytes[0])) return nullptr;
  if (grant.this_epoch_only && !mailbox.known) return nullptr;
  return recipient.authenticated || grant.anonymous ? &grant : nullptr;
}

seconds ModelMailboxes::rate_wait(const mailbox::Grant* grant, Monotonic now) const {
  if (grant == nullptr || grant->rate == 0 || !rates_.contains(grant->key)) return seconds{0};
  const auto [end, count] = rates_.at(grant->key);
  return end > now && count >= grant->rate ? std::chrono::ceil<seconds>(end - now) : seconds{0};
}

void ModelMailboxes::count_rate(const mailbox::Grant* grant, Monotonic now) {
  if (grant == nullptr || grant->rate == 0) return;
  auto& [end, count] = rates_[grant->key];
  if (end <= now) {
    end = now + kHour;
    count = 0;
  }
  ++count;
}

Refusal ModelMailboxes::room(const ModelMailbox& mailbox, const ModelSend& send, const ModelRecipient& recipient) const {
  const MailboxLimits& limits = limits_.mailbox;
  const ByteCount size = send.payload.size();
  if (mailbox.messages() + 1 > limits.messages || mailbox.bytes() + size > limits.bytes) return Refusal::mailbox_full;
  if (mailbox.messages(recipient.sender) + 1 > limits.messages * limits.sender_percent / 100 ||
      mailbox.bytes(recipient.sender) + size > limits.bytes * limits.sender_percent / 100) {
    return Refusal::mailbox_full;
  }
  const auto [messages, bytes, mailboxes] = occupancy();
  const ByteCount low = limits_.relay.bytes / 100 * limits_.relay.low_watermark;
  ByteCount mark = low + (limits_.relay.bytes - low) / 3 * static_cast<ByteCount>(send.urgency);
  if (send.urgency == mailbox::Urgency::high) mark = limits_.relay.bytes;
  return bytes + messages * kOverhead + size + kOverhead > mark ? Refusal::relay_full : Refusal::none;
}

void ModelMailboxes::queue(const ModelSend& send, const ModelRecipient& recipient, std::uint64_t submission, seconds ttl,
                           Monotonic now) {
  ModelMailbox& mailbox = mailboxes_[recipient.device];
  ModelEntry entry;
  entry.order = entry.token = ++last_order_;
  entry.id = send.id;
  entry.submission = submission;
  entry.sender = recipient.sender;
  entry.topic = recipient.topic;
  entry.receipt_to = send.receipt ? send.from : 0;
  entry.payload = send.payload;
  entry.ephemeral = ttl.count() == 0;
  entry.ttl = ttl;
  entry.deadline = now + (entry.ephemeral ? limits_.message.ephemeral_wait : ttl);
  entry.urgency = send.urgency;
  mailbox.entries.push_back(entry);
  mailbox.forget_at.reset();
}

}  // namespace lethe::test
