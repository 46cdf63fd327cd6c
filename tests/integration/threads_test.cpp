// The same promises where the devices' mailboxes live on different threads.
#include <set>

#include <gtest/gtest.h>

#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

constexpr std::uint64_t devices = 20;   // chance puts all on one of two threads once in half a million runs

class Threads : public testing::TestWithParam<Encoding> {
 protected:
  void SetUp() override {
    for (std::uint64_t seed = 0; seed < devices; ++seed) keys.emplace_back(1'000 + seed);
  }
  std::vector<WirePeer> enter_all() {
    std::vector<WirePeer> peers;
    for (const TestKey& key : keys) peers.emplace_back(relay, GetParam()).enter(key, {.mailbox = {{"senders", "anyone"}}});
    return peers;
  }
  // A message to every device, the sender's own too.
  Mail to_all(const std::string& payload) const {
    Mail mail;
    mail.id = new_id();
    mail.payload = payload;
    for (const TestKey& key : keys) mail.to.push_back({key.address(), {}});
    return mail;
  }
  struct Harvest {
    std::set<std::string> payloads;
    std::set<std::string> receipts;   // by recipient
    bool sent = false;
  };
  // Hears and acknowledges until there is enough. Nothing comes twice.
  template <class Enough>
  static void gather(WirePeer& peer, Harvest& harvest, Enough enough) {
    while (!enough(harvest)) {
      const Heard heard = peer.hear();
      if (heard.type == "deliver") {
        EXPECT_TRUE(harvest.payloads.insert(heard.payload).second);
      } else if (heard.type == "receipt") {
        EXPECT_TRUE(harvest.receipts.insert(heard.text("device")).second);
      } else {
        ASSERT_EQ(heard.type, "sent");
        EXPECT_EQ(heard.number("accepted"), static_cast<int>(devices));
        harvest.sent = true;
        continue;
      }
      peer.ack(0, {heard.seq()});
    }
  }
  void expect_nothing_held() {
    EXPECT_TRUE(relay.reaches("lethe_queued_messages", 0));
    EXPECT_EQ(relay.metric("lethe_queued_bytes"), 0);
    EXPECT_TRUE(relay.reaches("lethe_arena_used_bytes", 0));
  }

  RelayProcess relay{{{"threads", "2"}}};
  std::vector<TestKey> keys;
};
INSTANTIATE_TEST_SUITE_P(Encodings, Threads, testing::Values(Encoding::json, Encoding::binary),
                         [](const auto& encoding) { return std::string{name_of(encoding.param)}; });

TEST_P(Threads, EveryDeviceReachesEveryOtherAndHearsItsReceipts) {
  std::vector<WirePeer> peers = enter_all();
  for (std::uint64_t i = 0; i < devices; ++i) {
    Mail mail = to_all(std::to_string(i));
    mail.receipt = true;
    peers[i].send(mail);
  }
  // The receipts of one need the acks of all.
  std::vector<Harvest> harvests(devices);
  const auto all_delivered = [](const Harvest& harvest) { return harvest.payloads.size() == devices && harvest.sent; };
  const auto all_receipts = [](const Harvest& harvest) { return harvest.receipts.size() == devices; };
  for (std::uint64_t i = 0; i < devices; ++i) gather(peers[i], harvests[i], all_delivered);
  for (std::uint64_t i = 0; i < devices; ++i) gather(peers[i], harvests[i], all_receipts);
  for (WirePeer& peer : peers) peer.settle();
  expect_nothing_held();
  EXPECT_EQ(relay.metric("lethe_messages_acknowledged_total"), static_cast<double>(devices * devices));
}

TEST_P(Threads, MessagesOfOneSenderKeepTheirOrder) {
  std::vector<WirePeer> peers = enter_all();
  for (int i = 0; i < 30; ++i) peers[0].send(to_all(std::to_string(i)));
  for (int i = 0; i < 30; ++i) peers[0].skip_to("sent");
  for (std::uint64_t at = 1; at < devices; ++at) {
    for (int i = 0; i < 30; ++i) EXPECT_EQ(peers[at].expect("deliver").payload, std::to_string(i));
  }
}

TEST_P(Threads, ASendIsRecalledWhereverItsMailboxLives) {
  WirePeer sender{relay, GetParam()};
  sender.enter(TestKey{1});
  Mail mail = to_all("never mind");
  for (std::size_t i = 0; i < keys.size(); ++i) mail.to[i] = invited(keys[i]);
  EXPECT_EQ(sender.post(mail).number("accepted"), static_cast<int>(devices));
  for (const TestKey& key : keys) {
    sender.recall(mail.id, key.address());
    const Heard recalled = sender.expect("recalled");
    EXPECT_EQ(recalled.text("device"), base64url(key.address().bytes));
    EXPECT_EQ(recalled.text("status"), "wiped");
    sender.recall(mail.id, key.address());
    EXPECT_EQ(sender.expect("recalled").text("status"), "unknown");
  }
  expect_nothing_held();
}

TEST_P(Threads, RefusalsStayWithTheirRecipients) {
  WirePeer sender{relay, GetParam()};
  sender.enter(TestKey{1});
  Mail mail = to_all("some of you");
  for (std::size_t i = 0; i < keys.size(); i += 2) mail.to[i] = invited(keys[i]);
  const Heard sent = sender.post(mail);
  EXPECT_EQ(sent.number("accepted"), static_cast<int>(devices / 2));
  for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(sent.refusal_of(keys[i].address()), i % 2 == 0 ? "" : "not_invited");
}

TEST_P(Threads, ANewerSessionTakesOverWhereverItArrives) {
  std::vector<WirePeer> peers = enter_all();
  for (int round = 0; round < 2; ++round) {
    std::vector<WirePeer> newer;
    for (const TestKey& key : keys) newer.emplace_back(relay, GetParam()).enter(key);
    for (WirePeer& peer : peers) peer.expect_closing("replaced", 4002);
    // The next round arrives with the threads the other way round.
    if (round == 0) WirePeer{relay, GetParam()}.hello();
    peers = std::vector<WirePeer>{};
    peers.swap(newer);
  }
  peers[0].send(to_all("still there"));
  for (WirePeer& peer : peers) EXPECT_EQ(peer.skip_to("deliver").payload, "still there");
}

}  // namespace
}  // namespace lethe::test
