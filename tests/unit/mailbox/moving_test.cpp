// An engine that is read out fills another, which is then the same.
#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mailbox/arrival.hpp"
#include "mailbox/departure.hpp"
#include "mailbox/shared_payloads.hpp"
#include "support/mailbox_world.hpp"

namespace lethe::test {
namespace {

using mailbox::Arrival;
using mailbox::Departure;
using mailbox::MovedEntry;
using mailbox::MovedId;
using mailbox::MovedMailbox;
using mailbox::MovedRate;
using mailbox::Urgency;
using Outcome = Arrival::Outcome;
using namespace std::chrono_literals;

// Everything that an engine tells of itself.
struct Told final : mailbox::MovedRecords {
  struct Entry {
    MovedEntry moved;
    std::string payload;
  };
  struct Mailbox {
    MovedMailbox moved;
    std::vector<Entry> entries;
  };

  void on(const MovedMailbox& mailbox) override { mailboxes.push_back({mailbox, {}}); }
  void on(const MovedEntry& entry, const mailbox::Payload& payload) override {
    mailboxes.back().entries.push_back({entry, text_of(payload)});
    shared += numbers->number_of(payload).has_value();
  }
  void on(const MovedId& id) override { ids.push_back(id); }
  void on(const MovedRate& rate) override { rates.push_back(rate); }

  std::vector<Mailbox> mailboxes;
  std::vector<MovedId> ids;
  std::vector<MovedRate> rates;
  std::shared_ptr<mailbox::SharedPayloads> numbers = std::make_shared<mailbox::SharedPayloads>();
  int shared = 0;
};

mailbox::MemoryMailboxes& memory(MailboxWorld& world) { return static_cast<MemoryEngine&>(*world.engine).memory(); }

Told told_by(MailboxWorld& world) {
  Told told;
  Departure departure{memory(world), world.now};
  while (departure.step(told)) {}
  return told;
}

// What is told, in the order of addresses and as far as it can be compared.
auto comparable(const MovedEntry& entry) {
  return std::tuple{entry.id, entry.seq, entry.received, entry.left, entry.ttl, entry.urgency, entry.sender, entry.topic, entry.delivered,
                    entry.address, entry.fate};
}
auto comparable(const MovedMailbox& mailbox) {
  const mailbox::Missed& missed = mailbox.missed;
  return std::tuple{mailbox.address, mailbox.next_seq, missed.expired, missed.displaced, missed.recalled, mailbox.revoked,
                    mailbox.generation, mailbox.window, mailbox.min_urgency, mailbox.anyone, mailbox.known, mailbox.rest};
}

void expect_same(Told a, Told b) {
  const auto order = [](const Told::Mailbox& mailbox) { return mailbox.moved.address; };
  std::ranges::sort(a.mailboxes, {}, order);
  std::ranges::sort(b.mailboxes, {}, order);
  ASSERT_EQ(a.mailboxes.size(), b.mailboxes.size());
  for (std::size_t i = 0; i < a.mailboxes.size(); ++i) {
    EXPECT_TRUE(comparable(a.mailboxes[i].moved) == comparable(b.mailboxes[i].moved)) << i;
    ASSERT_EQ(a.mailboxes[i].entries.size(), b.mailboxes[i].entries.size()) << i;
    for (std::size_t n = 0; n < a.mailboxes[i].entries.size(); ++n) {
      EXPECT_TRUE(comparable(a.mailboxes[i].entries[n].moved) == comparable(b.mailboxes[i].entries[n].moved)) << i << " " << n;
      EXPECT_EQ(a.mailboxes[i].entries[n].payload, b.mailboxes[i].entries[n].payload);
    }
  }
  const auto same_id = [](const MovedId& x, const MovedId& y) { return x.hash == y.hash && x.left == y.left; };
  EXPECT_TRUE(std::ranges::equal(a.ids, b.ids, same_id));
  const auto same_rate = [](const MovedRate& x, const MovedRate& y) { return x.invite == y.invite && x.messages == y.messages && x.left == y.left; };
  EXPECT_TRUE(std::ranges::equal(a.rates, b.rates, same_rate));
}

// Fills `to` with what was told.
Outcome move(const Told& told, MailboxWorld& to, Seq floor = 1) {
  Arrival arrival{memory(to), to.now};
  for (const Told::Mailbox& mailbox : told.mailboxes) {
    Outcome outcome = arrival.take(mailbox.moved);
    for (auto entry = mailbox.entries.begin(); outcome == Outcome::taken && entry != mailbox.entries.end(); ++entry) {
      outcome = arrival.take(entry->moved, entry->payload.empty() ? mailbox::Payload{} : to.payload(entry->payload));
    }
    if (outcome != Outcome::taken) return outcome;
  }
  arrival.take(std::span{told.ids});
  arrival.take(std::span{told.rates});
  return arrival.finish(floor);
}

// Devices that do at random what devices do.
class Bustle {
 public:
  Bustle(MailboxWorld& world, unsigned seed) : world_{world}, random_{seed} {
    for (std::uint64_t i = 1; i <= 12; ++i) devices_.emplace_back(i);
  }
  void go_on(int steps) {
    while (steps-- > 0) step();
  }
  void end_sessions() {
    for (Device& device : devices_) close(device);
  }

 private:
  unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }
  Device& any() { return devices_[below(static_cast<unsigned>(devices_.size()))]; }
  void close(Device& device) {
    if (device.attachment) world_.close(device);
    device.attachment = {};
  }
  void open(Device& device) {
    mailbox::Announcement announcement;
    if (below(3) == 0) announcement.anyone = below(2) == 0;
    if (below(3) == 0) announcement.generation = below(4);
    if (below(4) == 0) announcement.revoked = std::vector<InviteLabel>(below(4));
    if (below(3) == 0) announcement.window = 1 + below(9);
    if (below(4) == 0) announcement.min_urgency = static_cast<Urgency>(below(4));
    world_.open(device, announcement);
  }
  void send() {
    const std::string text(below(300), static_cast<char>('a' + below(26)));
    Letter letter{.payload = text, .ttl = seconds{below(200)}, .urgency = static_cast<Urgency>(below(4)), .topic = below(3) == 0 ? 1 + below(5) : 0};
    letter.receipt = below(3) == 0;
    letter.grant = mailbox::Grant{.generation = below(8), .rate = static_cast<std::uint16_t>(below(2) * 50), .key = 1 + below(6)};
    Device& from = any();
    std::vector<Device*> to{&any()};
    while (below(3) == 0) to.push_back(&any());
    world_.send(from, next_id_ - (below(10) == 0 ? 1 : 0), to, letter);
    ++next_id_;
  }
  void receive(Device& device) {
    if (!device.attachment) return;
    const auto entries = world_.pull(device);
    std::vector<Seq> seqs;
    for (const Received& entry : entries) {
      if (below(3) != 0) seqs.push_back(entry.seq);
    }
    world_.ack(device, seqs);
  }
  void step() {
    Device& device = any();
    switch (below(10)) {
      case 0: open(device); break;
      case 1: close(device); break;
      case 2: case 3: receive(device); break;
      case 4: world_.recall(device, next_id_ - below(20), any()); break;
      case 5:
        world_.pass(milliseconds{below(4'000)});
        world_.mailboxes().sweep(world_.now);
        break;
      default: send();
    }
  }

  MailboxWorld& world_;
  std::minstd_rand random_;
  std::vector<Device> devices_;
  std::uint64_t next_id_ = 1'000;
};

class Moving : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Seeds, Moving, testing::Range(1U, 13U));

TEST_P(Moving, LeavesNothingBehind) {
  MailboxWorld from{MemoryEngine::make};
  Bustle bustle{from, GetParam()};
  bustle.go_on(2'000);
  bustle.end_sessions();
  const Told told = told_by(from);
  ASSERT_FALSE(told.mailboxes.empty());
  ASSERT_FALSE(told.ids.empty());
  EXPECT_GT(told.shared, 0);

  // Another process has started at another time.
  MailboxWorld to{MemoryEngine::make};
  to.pass(86'400s * GetParam());
  ASSERT_EQ(move(told, to), Outcome::taken);
  EXPECT_TRUE(to.engine->consistent());
  EXPECT_EQ(to.engine->charged(), from.engine->charged());
  EXPECT_EQ(to.messages(), from.messages());
  EXPECT_EQ(to.bytes(), from.bytes());
  expect_same(told, told_by(to));
  EXPECT_TRUE(from.engine->consistent()) << "and it has taken nothing";

  // And they go on alike, until nothing but receipts is left.
  for (MailboxWorld* const world : {&from, &to}) {
    world->pass(300s);
    world->mailboxes().sweep(world->now);
    EXPECT_TRUE(world->engine->consistent());
  }
  EXPECT_EQ(to.messages(), from.messages());
  EXPECT_EQ(to.bytes(), from.bytes());
  EXPECT_EQ(memory(to).acknowledged_ids(), memory(from).acknowledged_ids());
}

class Arriving : public testing::Test {
 protected:
  Arriving() {
    mailbox.address = alice.address;
    mailbox.next_seq = 10;
    entry.id = message_id(1);
    entry.seq = 3;
    entry.left = 60s;
    entry.ttl = 60s;
  }
  Outcome take(const MovedEntry& moved) { return arrival.take(moved, world.payload("hello")); }

  MailboxWorld world{MemoryEngine::make};
  Arrival arrival{memory(world), world.now};
  Device alice{1};
  MovedMailbox mailbox;
  MovedEntry entry;
};

TEST_F(Arriving, KeepsWhatWasDeliveredFirst) {
  ASSERT_EQ(arrival.take(mailbox), Outcome::taken);
  MovedEntry delivered = entry;
  delivered.id = message_id(2);
  delivered.seq = 5;
  delivered.delivered = true;
  ASSERT_EQ(take(delivered), Outcome::taken);
  ASSERT_EQ(take(entry), Outcome::taken);
  ASSERT_EQ(arrival.finish(1), Outcome::taken);
  world.open(alice);
  const auto entries = world.pull(alice);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].seq, 5U);
  EXPECT_TRUE(entries[0].redelivered);
  EXPECT_EQ(entries[1].seq, 3U);
}

TEST_F(Arriving, RefusesWhatCannotBe) {
  EXPECT_EQ(take(entry), Outcome::malformed) << "no mailbox yet";
  ASSERT_EQ(arrival.take(mailbox), Outcome::taken);
  ASSERT_EQ(take(entry), Outcome::taken);
  const auto with = [this](auto change) {
    MovedEntry changed = entry;
    changed.id = message_id(7);
    changed.seq = 7;
    change(changed);
    return changed;
  };
  EXPECT_EQ(take(with([&](MovedEntry& e) { e.id = entry.id; })), Outcome::malformed) << "the same id";
  EXPECT_EQ(take(with([](MovedEntry& e) { e.seq = 3; })), Outcome::malformed) << "the same seq";
  EXPECT_EQ(take(with([](MovedEntry& e) { e.seq = 10; })), Outcome::malformed) << "a seq that was not given yet";
  EXPECT_EQ(take(with([](MovedEntry& e) { e.seq = 0; })), Outcome::malformed);
  EXPECT_EQ(take(with([](MovedEntry& e) { e.delivered = true; })), Outcome::malformed) << "behind one that was not";
  EXPECT_EQ(take(with([](MovedEntry& e) { e.ttl = 0s; })), Outcome::malformed);
  EXPECT_EQ(take(with([](MovedEntry& e) { e.left = milliseconds::max(); })), Outcome::malformed);
  EXPECT_EQ(take(with([](MovedEntry& e) { e.fate = mailbox::Fate::delivered; })), Outcome::malformed) << "a receipt of nobody, with a payload";
  EXPECT_EQ(arrival.take(mailbox), Outcome::malformed) << "the same mailbox";
  MovedMailbox resting = mailbox;
  resting.address = address(2);
  ASSERT_EQ(arrival.take(resting), Outcome::taken);
  EXPECT_EQ(arrival.finish(1), Outcome::malformed) << "it holds nothing and doesn't rest";
}

TEST_F(Arriving, TakesNoMoreThanThereIsRoomFor) {
  world.limits.relay.bytes = 250;
  world.limits.relay.mailboxes = 2;
  world.engine = MemoryEngine::make(world.limits);
  Arrival bounded{memory(world), world.now};
  ASSERT_EQ(bounded.take(mailbox), Outcome::taken);
  ASSERT_EQ(bounded.take(entry, world.payload("hello")), Outcome::taken);
  entry.id = message_id(2);
  entry.seq = 4;
  EXPECT_EQ(bounded.take(entry, world.payload(std::string(200, 'x'))), Outcome::no_room);
  EXPECT_EQ(world.arena_used(), 32U) << "what was not taken is gone";
  mailbox.rest = 1s;
  mailbox.address = address(2);
  EXPECT_EQ(bounded.take(mailbox), Outcome::taken);
  mailbox.address = address(3);
  EXPECT_EQ(bounded.take(mailbox), Outcome::no_room);
}

TEST_F(Arriving, ASeqNeverBeginsAnew) {
  ASSERT_EQ(arrival.finish(500), Outcome::taken);
  Device bob{2};
  world.send(alice, 1, bob);
  world.open(bob);
  EXPECT_EQ(world.pull(bob).at(0).seq, 500U);
}

}  // namespace
}  // namespace lethe::test
