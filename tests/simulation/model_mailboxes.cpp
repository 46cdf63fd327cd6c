#include "simulation/model_mailboxes.hpp"

#include <algorithm>

#include "base/arena_classes.hpp"

namespace lethe::test {

using mailbox::Fate;

ByteCount ModelMailbox::bytes(std::uint64_t sender) const {
  ByteCount sum = 0;
  for (const ModelEntry& entry : entries) {
    if (!entry.receipt && (sender == 0 || entry.sender == sender)) sum += entry.payload.size();
  }
  return sum;
}

std::uint64_t ModelMailbox::messages(std::uint64_t sender) const {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      entries, [&](const ModelEntry& entry) { return !entry.receipt && (sender == 0 || entry.sender == sender); }));
}

mailbox::Opened ModelMailboxes::open(std::uint64_t device, const mailbox::Announcement& announcement, Monotonic now) {
  if (attached(device)) end_session(device, now);
  ModelMailbox& mailbox = mailboxes_[device];
  mailbox.forget_at.reset();
  mailbox.known = mailbox.attached = true;
  mailbox.caught_up = false;
  mailbox.backlog_end = last_order_ + 1;
  apply(mailbox, announcement);
  const mailbox::Opened opened{{}, mailbox.entries.size(), mailbox.bytes(), std::exchange(mailbox.missed, {})};
  flush();
  return opened;
}

void ModelMailboxes::close(std::uint64_t device, Monotonic now) {
  end_session(device, now);
  settle(device, now);
  flush();
}

void ModelMailboxes::end_session(std::uint64_t device, Monotonic now) {
  one_batch_ = true;
  drop_where(device, Fate::expired, now, [](const ModelEntry& entry) { return entry.ephemeral; });
  ModelMailbox& mailbox = mailboxes_[device];
  for (ModelEntry& entry : mailbox.entries) entry.in_flight = false;
  mailbox.attached = false;
}

void ModelMailboxes::announce(std::uint64_t device, const mailbox::Announcement& announcement) {
  apply(mailboxes_[device], announcement);
}

void ModelMailboxes::apply(ModelMailbox& mailbox, const mailbox::Announcement& announcement) {
  if (announcement.anyone) mailbox.anyone = *announcement.anyone;
  if (announcement.generation) mailbox.generation = std::max(mailbox.generation, *announcement.generation);
  if (announcement.window) mailbox.window = std::clamp(*announcement.window, 1U, limits_.mailbox.window);
  if (announcement.min_urgency) mailbox.min_urgency = *announcement.min_urgency;
  if (!announcement.revoked) return;
  mailbox.revoked.clear();
  for (const InviteLabel& label : *announcement.revoked) mailbox.revoked.insert(label.bytes[0]);
}

ModelMailboxes::Where ModelMailboxes::next(ModelMailbox& mailbox) const {
  Where best = mailbox.entries.end();
  for (Where entry = mailbox.entries.begin(); entry != mailbox.entries.end(); ++entry) {
    if (entry->in_flight || entry->urgency < mailbox.min_urgency) continue;
    if (best == mailbox.entries.end() || (entry->delivered && !best->delivered)) best = entry;
  }
  return best;
}

bool ModelMailboxes::window_allows(const ModelMailbox& mailbox, const ModelEntry& next) const {
  std::uint32_t count = 0;
  ByteCount bytes = 0;
  for (const ModelEntry& entry : mailbox.entries) {
    if (!entry.in_flight) continue;
    ++count;
    bytes += entry.payload.size();
  }
  const std::uint32_t window = mailbox.window != 0 ? mailbox.window : limits_.mailbox.window;
  return count < window && (bytes == 0 || bytes + next.payload.size() <= limits_.mailbox.window_bytes);
}

ModelPull ModelMailboxes::pull(std::uint64_t device, std::size_t room, Monotonic now) {
  ModelPull result;
  ModelMailbox& mailbox = mailboxes_[device];
  while (true) {
    const Where entry = next(mailbox);
    const bool none = entry == mailbox.entries.end();
    if (!none && entry->deadline <= now) {
      drop(device, entry, Fate::expired, now);
      continue;
    }
    const bool allowed = !none && window_allows(mailbox, *entry);
    if (!mailbox.caught_up && (none || entry->order >= mailbox.backlog_end)) {
      mailbox.caught_up = result.caught_up = true;
      result.more = allowed;
      break;
    }
    if (!allowed) break;
    if (result.entries.size() == room) {
      result.more = true;
      break;
    }
    result.entries.push_back(*entry);
    entry->delivered = entry->in_flight = true;
  }
  flush();
  return result;
}

bool ModelMailboxes::learn(std::uint64_t device, const ModelEntry& expected, Seq seq, std::uint64_t id,
                           std::uint64_t about) {
  std::vector<ModelEntry>& entries = mailboxes_[device].entries;
  const auto slot = std::ranges::find(entries, expected.token, &ModelEntry::token);
  if (slot->id != id || slot->about != about) {
    const auto other = std::ranges::find_if(entries, [&](const ModelEntry& entry) {
      const bool same_batch = entry.receipt && slot->receipt && entry.batch == slot->batch;
      return same_batch && entry.seq == 0 && entry.id == id && entry.about == about;
    });
    if (other == entries.end() || slot->seq != 0) return false;
    std::swap(slot->id, other->id);
    std::swap(slot->about, other->about);
    std::swap(slot->fate, other->fate);
    std::swap(slot->urgency, other->urgency);
  }
  if (slot->seq != 0) return slot->seq == seq;
  slot->seq = seq;
  // Within a batch, the order is what the engine says.
  std::map<Seq, ModelEntry*> of_batch;
  std::set<std::uint64_t> orders;
  for (ModelEntry& entry : entries) {
    if (!entry.receipt || !slot->receipt || entry.batch != slot->batch || entry.seq == 0) continue;
    of_batch[entry.seq] = &entry;
    orders.insert(entry.order);
  }
  for (auto order = orders.begin(); const auto& [at, entry] : of_batch) entry->order = *order++;
  const bool in_order = std::ranges::all_of(entries, [&](const ModelEntry& entry) {
    return entry.seq == 0 || entry.token == slot->token || (entry.order < slot->order) == (entry.seq < seq);
  });
  std::ranges::sort(entries, {}, &ModelEntry::order);
  return in_order;
}

std::uint32_t ModelMailboxes::acknowledge(std::uint64_t device, Seq up_to, const std::vector<Seq>& seqs, Monotonic now) {
  ModelMailbox& mailbox = mailboxes_[device];
  std::vector<Seq> gone;
  for (const ModelEntry& entry : mailbox.entries) {
    if (entry.in_flight && entry.seq <= up_to) gone.push_back(entry.seq);
  }
  std::ranges::sort(gone);
  gone.insert(gone.end(), seqs.begin(), seqs.end());
  std::uint32_t removed = 0;
  for (const Seq seq : gone) {
    const Where entry =
        std::ranges::find_if(mailbox.entries, [&](const ModelEntry& at) { return at.in_flight && at.seq == seq; });
    if (entry == mailbox.entries.end()) continue;
    if (!entry->receipt) acknowledged_[{device, entry->id}] = now + limits_.mailbox.dedupe;
    drop(device, entry, Fate::delivered, now);
    ++removed;
  }
  flush();
  return removed;
}

mailbox::RecallStatus ModelMailboxes::recall(std::uint64_t id, std::uint64_t device, std::uint64_t sender, Monotonic now) {
  using mailbox::RecallStatus;
  if (!mailboxes_.contains(device)) return RecallStatus::unknown;
  ModelMailbox& mailbox = mailboxes_[device];
  const Where entry =
      std::ranges::find_if(mailbox.entries, [&](const ModelEntry& at) { return !at.receipt && at.id == id; });
  if (entry == mailbox.entries.end()) return RecallStatus::unknown;
  RecallStatus status = RecallStatus::unknown;
  if (entry->deadline <= now) {
    drop(device, entry, Fate::expired, now);
  } else if (entry->sender == sender) {
    status = entry->delivered ? RecallStatus::in_flight : RecallStatus::wiped;
    if (status == RecallStatus::wiped) drop(device, entry, Fate::delivered, now, true);
  }
  settle(device, now);
  flush();
  return status;
}

std::uint64_t ModelMailboxes::purge(std::uint64_t device, Monotonic now) {
  if (!mailboxes_.contains(device)) return 0;
  const std::uint64_t messages = mailboxes_[device].messages();
  one_batch_ = true;
  drop_where(device, Fate::evicted, now, [](const ModelEntry&) { return true; });
  settle(device, now);
  flush();
  return messages;
}

void ModelMailboxes::sweep(Monotonic now) {
  std::vector<std::uint64_t> devices;
  for (const auto& [device, mailbox] : mailboxes_) devices.push_back(device);
  one_batch_ = true;
  for (const std::uint64_t device : devices) {
    const std::size_t before = mailboxes_[device].entries.size();
    drop_where(device, Fate::expired, now, [&](const ModelEntry& entry) { return entry.deadline <= now; });
    if (mailboxes_[device].entries.size() != before) settle(device, now);
  }
  std::erase_if(mailboxes_, [&](const auto& at) { return at.second.forget_at && *at.second.forget_at <= now; });
  flush();
}

void ModelMailboxes::restart() {
  mailboxes_.clear();
  rates_.clear();
  acknowledged_.clear();
}

void ModelMailboxes::drop_where(std::uint64_t device, Fate fate, Monotonic now,
                                const std::function<bool(const ModelEntry&)>& which) {
  std::vector<ModelEntry>& entries = mailboxes_[device].entries;
  for (Where entry = std::ranges::find_if(entries, which); entry != entries.end(); entry = std::ranges::find_if(entries, which)) {
    drop(device, entry, fate, now);
  }
}

void ModelMailboxes::drop(std::uint64_t device, Where entry, Fate fate, Monotonic now, bool recalled) {
  ModelMailbox& mailbox = mailboxes_[device];
  if (recalled) {
    ++mailbox.missed.recalled;
  } else if (fate == Fate::expired) {
    ++mailbox.missed.expired;
  } else if (fate != Fate::delivered) {
    ++mailbox.missed.displaced;
  }
  if (!recalled && entry->receipt_to != 0) {
    ModelEntry receipt;
    receipt.id = entry->id;
    receipt.receipt = true;
    receipt.about = device;
    receipt.fate = fate;
    receipt.urgency = entry->urgency;
    receipt.deadline = now + limits_.message.default_ttl;
    receipts_.push_back({entry->receipt_to, receipt});
  }
  mailbox.entries.erase(entry);
}

// Receipts arrive when all else is done.
void ModelMailboxes::flush() {
  ++last_batch_;
  for (Pending& pending : receipts_) {
    if (!one_batch_) ++last_batch_;
    pending.entry.order = pending.entry.token = ++last_order_;
    pending.entry.batch = last_batch_;
    ModelMailbox& mailbox = mailboxes_[pending.to];
    mailbox.entries.push_back(pending.entry);
    mailbox.forget_at.reset();
  }
  receipts_.clear();
  one_batch_ = false;
}

void ModelMailboxes::settle(std::uint64_t device, Monotonic now) {
  ModelMailbox& mailbox = mailboxes_[device];
  if (mailbox.attached || !mailbox.entries.empty() || mailbox.forget_at) return;
  const bool missed = mailbox.missed.expired + mailbox.missed.displaced + mailbox.missed.recalled != 0;
  if (!mailbox.known && !missed) {
    mailboxes_.erase(device);
    return;
  }
  mailbox.forget_at = now + limits_.mailbox.memory;
}

bool ModelMailboxes::ready(std::uint64_t device) const {
  ModelMailbox mailbox = mailboxes_.at(device);
  const Where entry = next(mailbox);
  if (entry == mailbox.entries.end()) return !mailbox.caught_up;
  return window_allows(mailbox, *entry) || (!mailbox.caught_up && entry->order >= mailbox.backlog_end);
}

mailbox::Occupancy ModelMailboxes::occupancy() const {
  mailbox::Occupancy occupancy;
  for (const auto& [device, mailbox] : mailboxes_) {
    occupancy.messages += mailbox.entries.size();
    occupancy.bytes += mailbox.bytes();
    ++occupancy.mailboxes;
  }
  return occupancy;
}

ByteCount ModelMailboxes::arena_used() const {
  std::map<std::uint64_t, ByteCount> payloads;
  for (const auto& [device, mailbox] : mailboxes_) {
    for (const ModelEntry& entry : mailbox.entries) {
      if (entry.receipt) continue;
      payloads[entry.submission] = arena_classes::size_of(arena_classes::index_of(entry.payload.size() + 16));
    }
  }
  ByteCount used = 0;
  for (const auto& [submission, bytes] : payloads) used += bytes;
  return used;
}

}  // namespace lethe::test
