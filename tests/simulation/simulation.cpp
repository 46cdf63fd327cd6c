#include "simulation/simulation.hpp"

#include <algorithm>

namespace lethe::test {

using mailbox::Urgency;
using namespace std::chrono_literals;

Simulation::Simulation(std::uint64_t seed)
    : random_{seed}, world_{MemoryEngine::make, limits()}, model_{limits()}, delivered_(devices), waits_for_wake_(devices) {
  for (std::uint64_t number = 1; number <= devices; ++number) devices_.push_back(std::make_unique<Device>(number));
  // A whole tick of the expiry wheel, so that a sweep removes exactly what has expired.
  world_.now = {Monotonic{256ms * 1'000}, Wall{1'700'000'000'000ms}};
}

// Small, so that every limit is met.
Limits Simulation::limits() {
  Limits limits;
  limits.message.ephemeral_wait = 10s;
  limits.message.default_ttl = 3'600s;
  limits.mailbox.messages = 40;
  limits.mailbox.bytes = 6'000;
  limits.mailbox.window = 12;
  limits.mailbox.window_bytes = 900;
  limits.mailbox.memory = 7'200s;
  limits.mailbox.dedupe = 120s;
  limits.relay.bytes = 30'000;
  limits.relay.low_watermark = 60;
  return limits;
}

std::string Simulation::run(std::uint64_t steps) {
  for (std::uint64_t n = 0; n < steps && fault_.empty(); ++n) {
    ++step_;
    step();
    compare_wakes();
    compare_held();
  }
  return fault_;
}

void Simulation::step() {
  const std::uint64_t what = pick(1'000);
  if (what < 420) return send();
  if (what < 650) {
    if (Device* const someone = any_attached()) pull(*someone, chance(30) ? pick(4) : 1'000);
    return;
  }
  if (what < 790) {
    if (Device* const someone = any_attached()) acknowledge(*someone);
    return;
  }
  if (what < 850) return open();
  if (what < 880) return close();
  if (what < 900) return announce();
  if (what < 950) return pass();
  if (what < 970) return sweep();
  if (what < 996) return recall();
  if (what < 999) return purge();
  if (chance(20)) restart();
}

Device* Simulation::any_attached() {
  for (int tries = 0; tries < 8; ++tries) {
    Device& someone = any_device();
    if (model_.attached(someone.number)) return &someone;
  }
  return nullptr;
}

mailbox::Announcement Simulation::any_announcement() {
  mailbox::Announcement announcement;
  if (chance(30)) announcement.anyone = chance(50);
  if (chance(10)) announcement.generation = static_cast<std::uint32_t>(pick(4));
  if (chance(30)) announcement.window = static_cast<std::uint32_t>(pick(20));
  if (chance(40)) announcement.min_urgency = static_cast<Urgency>(chance(60) ? 0 : pick(4));
  if (chance(20)) {
    announcement.revoked.emplace();
    for (std::uint64_t n = pick(3); n != 0; --n) announcement.revoked->push_back({{static_cast<std::uint8_t>(pick(6))}});
  }
  return announcement;
}

std::optional<mailbox::Grant> Simulation::any_grant(std::uint64_t to) {
  if (chance(10)) return std::nullopt;
  mailbox::Grant grant;
  grant.generation = static_cast<std::uint32_t>(chance(70) ? 9 : pick(4));
  grant.label.bytes[0] = static_cast<std::uint8_t>(pick(6));
  grant.anonymous = chance(50);
  grant.this_epoch_only = chance(20);
  if (chance(10)) grant.max_ttl = seconds{1 + pick(10)};
  if (chance(10)) grant.rate = static_cast<std::uint16_t>(1 + pick(5));
  grant.key = to * 100 + grant.label.bytes[0] + 1;
  return grant;
}

void Simulation::send() {
  if (chance(12) && !sends_.empty()) {
    const auto repeated = sends_[pick(sends_.size())];
    return send(repeated.first, repeated.second);
  }
  static constexpr seconds lifetimes[] = {0s, 1s, 2s, 5s, 20s, 60s, 600s, 3'600s, 86'400s};
  ModelSend letter;
  letter.id = ++last_id_;
  letter.from = 1 + pick(devices);
  letter.payload = std::string(chance(5) ? 0 : pick(chance(10) ? 1'200 : 120), static_cast<char>('a' + letter.id % 26));
  letter.ttl = lifetimes[pick(std::size(lifetimes))];
  letter.urgency = static_cast<Urgency>(pick(4));
  const bool authenticated = chance(80);
  letter.receipt = authenticated && chance(30);
  std::vector<ModelRecipient> recipients;
  for (std::uint64_t n = chance(80) ? 1 : 2 + pick(5); n != 0; --n) {
    ModelRecipient recipient;
    recipient.device = 1 + pick(devices);
    recipient.authenticated = authenticated;
    recipient.grant = any_grant(recipient.device);
    recipient.sender = authenticated ? letter.from : 1'000 + (recipient.grant ? recipient.grant->key : 0);
    if (chance(15)) recipient.topic = recipient.sender * 10 + pick(3);
    recipients.push_back(recipient);
  }
  send(letter, recipients);
  if (sends_.size() < 200) sends_.emplace_back();
  sends_[pick(sends_.size())] = {letter, recipients};
  if (sends_.back().second.empty()) sends_.back() = {letter, recipients};
}

void Simulation::send(const ModelSend& letter, const std::vector<ModelRecipient>& recipients) {
  std::vector<mailbox::Recipient> to;
  for (const ModelRecipient& recipient : recipients) {
    to.push_back({address(recipient.device), mailbox::SenderKey{recipient.sender}, mailbox::TopicKey{recipient.topic},
                  recipient.authenticated, recipient.authenticated && recipient.device == letter.from, recipient.grant});
  }
  mailbox::Submission submission;
  submission.id = message_id(letter.id);
  submission.payload = world_.payload(letter.payload);
  submission.ttl = letter.ttl;
  submission.urgency = letter.urgency;
  if (letter.receipt) submission.receipt_to = address(letter.from);
  RecordingCorrespondent& session = *device(letter.from).session;
  world_.mailboxes().put(step_, std::move(submission), to, session, world_.now);
  const auto expected = model_.put(letter, recipients, world_.now.mono);
  expect(session.decided_ticket == step_ && session.verdicts.size() == expected.size(), "verdicts");
  for (std::size_t n = 0; n < expected.size() && fault_.empty(); ++n) {
    const mailbox::Verdict& verdict = session.verdicts[n];
    expect(verdict.refusal == expected[n].refusal, "refusal");
    expect(verdict.retry_after == expected[n].retry_after && verdict.ttl == expected[n].ttl, "retry_after or ttl");
  }
}

void Simulation::pull(Device& someone, std::size_t room) {
  someone.session->wakes = 0;
  const RecordingSink sink = world_.pull_into(someone, room);
  const ModelPull expected = model_.pull(someone.number, room, world_.now.mono);
  expect(sink.entries.size() == expected.entries.size(), "number of entries delivered");
  expect((sink.times_caught_up != 0) == expected.caught_up && sink.times_caught_up <= 1, "caught_up");
  expect(world_.more == expected.more, "more to pull");
  waits_for_wake_[someone.number - 1] = !world_.more;
  for (std::size_t n = 0; n < expected.entries.size() && fault_.empty(); ++n) {
    const Received& entry = sink.entries[n];
    const ModelEntry& wanted = expected.entries[n];
    std::uint64_t id = 0;
    std::uint64_t about = 0;
    std::memcpy(&id, entry.id.bytes.data(), sizeof id);
    std::memcpy(&about, entry.device.bytes.data(), sizeof about);
    expect(entry.receipt == wanted.receipt, "kind of entry");
    expect(model_.learn(someone.number, wanted, entry.seq, id, about), "order, id or seq");
    if (!entry.receipt) {
      expect(entry.payload == wanted.payload, "payload");
      expect(entry.redelivered == wanted.delivered, "redelivered");
    }
    delivered_[someone.number - 1].push_back(entry.seq);
  }
}

void Simulation::acknowledge(Device& someone) {
  std::vector<Seq>& known = delivered_[someone.number - 1];
  Seq up_to = 0;
  std::vector<Seq> seqs;
  if (!known.empty() && chance(50)) up_to = known[known.size() - 1 - pick(std::min<std::size_t>(known.size(), 6))];
  if (up_to == 0 || chance(20)) {
    for (std::uint64_t n = pick(4); n != 0 && !known.empty(); --n) {
      seqs.push_back(known[known.size() - 1 - pick(std::min<std::size_t>(known.size(), 12))]);
    }
    if (chance(10)) seqs.push_back(pick(100'000));
  }
  const auto removed_before = someone.session->acknowledgements.size();
  world_.mailboxes().acknowledge(someone.attachment, up_to, seqs, world_.now);
  const std::uint32_t removed = model_.acknowledge(someone.number, up_to, seqs, world_.now.mono);
  expect(someone.session->acknowledgements.size() == removed_before + 1, "answer to an acknowledgement");
  if (fault_.empty()) expect(someone.session->acknowledgements.back() == removed, "number acknowledged");
}

void Simulation::open() {
  Device& someone = any_device();
  const bool taken_over = model_.attached(someone.number);
  const auto previous = someone.session;
  if (taken_over) ended_.push_back(someone.attachment);
  waits_for_wake_[someone.number - 1] = false;
  const mailbox::Announcement announcement = any_announcement();
  const mailbox::Opened opened = world_.open(someone, announcement);
  const mailbox::Opened expected = model_.open(someone.number, announcement, world_.now.mono);
  expect(previous->replacements == (taken_over ? 1 : 0), "replaced");
  expect(opened.queued == expected.queued && opened.queued_bytes == expected.queued_bytes, "queued at opening");
  expect(opened.missed.expired == expected.missed.expired && opened.missed.displaced == expected.missed.displaced &&
             opened.missed.recalled == expected.missed.recalled, "missed");
}

void Simulation::close() {
  if (!ended_.empty() && chance(30)) {
    // A session that ended long ago: late events of it touch nothing.
    const mailbox::Attachment ended = ended_[pick(ended_.size())];
    RecordingSink sink;
    world_.mailboxes().acknowledge(ended, 1'000'000, {}, world_.now);
    expect(!world_.mailboxes().pull(ended, sink, world_.now) && sink.entries.empty(), "a dead session's pull");
    return world_.mailboxes().close(ended, world_.now);
  }
  Device* const someone = any_attached();
  if (someone == nullptr) return;
  ended_.push_back(someone->attachment);
  world_.close(*someone);
  model_.close(someone->number, world_.now.mono);
  // A session without an attachment still sends.
  someone->session = std::make_shared<RecordingCorrespondent>();
}

void Simulation::announce() {
  Device* const someone = any_attached();
  if (someone == nullptr) return;
  const mailbox::Announcement announcement = any_announcement();
  world_.mailboxes().announce(someone->attachment, announcement, world_.now);
  model_.announce(someone->number, announcement);
}

void Simulation::pass() {
  static constexpr std::uint64_t spans[] = {1, 4, 10, 40, 200, 3'000, 15'000};   // up to about an hour
  world_.pass(256ms * (1 + pick(spans[pick(chance(90) ? 5 : std::size(spans))])));
  if (chance(60)) sweep();
}

void Simulation::sweep() {
  world_.mailboxes().sweep(world_.now);
  model_.sweep(world_.now.mono);
}

void Simulation::recall() {
  if (sends_.empty()) return;
  const auto& [letter, recipients] = sends_[pick(sends_.size())];
  const ModelRecipient& recipient = recipients[pick(recipients.size())];
  const std::uint64_t sender = chance(90) ? recipient.sender : 5'555;
  const mailbox::SenderKey senders[] = {mailbox::SenderKey{4'444}, mailbox::SenderKey{sender}};
  RecordingCorrespondent& session = *device(letter.from).session;
  world_.mailboxes().recall(step_, message_id(letter.id), address(recipient.device), senders, session, world_.now);
  const mailbox::RecallStatus expected = model_.recall(letter.id, recipient.device, sender, world_.now.mono);
  expect(session.recalled_ticket == step_ && session.recalls.back() == expected, "recall");
}

void Simulation::purge() {
  Device& someone = any_device();
  const std::uint64_t removed = world_.mailboxes().purge(someone.address, world_.now);
  expect(removed == model_.purge(someone.number, world_.now.mono), "number purged");
}

void Simulation::restart() {
  world_.engine = MemoryEngine::make(limits());
  model_.restart();
  ended_.clear();
  for (auto& seqs : delivered_) seqs.clear();
  for (auto& someone : devices_) someone->session = std::make_shared<RecordingCorrespondent>();
}

void Simulation::compare_wakes() {
  for (const auto& someone : devices_) {
    if (!model_.attached(someone->number)) continue;
    const int wakes = someone->session->wakes;
    expect(wakes <= 1, "woken twice");
    const bool waits = waits_for_wake_[someone->number - 1];
    if (waits && model_.ready(someone->number)) expect(wakes == 1, "not woken");
  }
}

void Simulation::compare_held() {
  const mailbox::Occupancy held = world_.mailboxes().occupancy();
  const mailbox::Occupancy expected = model_.occupancy();
  expect(held.messages == expected.messages, "entries held");
  expect(held.bytes == expected.bytes, "bytes held");
  expect(held.mailboxes == expected.mailboxes, "mailboxes known");
  expect(world_.arena_used() == model_.arena_used(), "arena in use");
  const Tally& tally = world_.engine->tally();
  expect(tally.queued_messages.value() == expected.messages && tally.queued_bytes.value() == expected.bytes, "gauges");
  if (step_ % 8 == 0) expect(world_.engine->consistent(), "the engine's own books");
}

std::string Simulation::drain() {
  for (auto& someone : devices_) {
    const mailbox::Announcement all{.window = 1'000, .min_urgency = Urgency::very_low};
    world_.open(*someone, all);
    model_.open(someone->number, all, world_.now.mono);
  }
  // Receipts follow acknowledgements, so more than one round.
  for (int round = 0; round < 500 && fault_.empty() && model_.occupancy().messages != 0; ++round) {
    for (auto& someone : devices_) {
      pull(*someone, 1'000);
      const Seq all = 1'000'000'000;
      world_.mailboxes().acknowledge(someone->attachment, all, {}, world_.now);
      model_.acknowledge(someone->number, all, {}, world_.now.mono);
      compare_held();
    }
  }
  expect(world_.messages() == 0 && world_.bytes() == 0, "something is left");
  expect(world_.arena_used() == 0 && world_.engine->charged() == 0, "memory is left");
  return fault_;
}

void Simulation::expect(bool condition, const char* what) {
  if (!condition && fault_.empty()) fault_ = "step " + std::to_string(step_) + ": " + what;
}

}  // namespace lethe::test
