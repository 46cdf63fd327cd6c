// A certificate that is renewed while the relay runs.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "support/certificate.hpp"
#include "support/temporary_directory.hpp"
#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

// Where the certificate lies: two files of a directory of their own.
class Shelf {
 public:
  fs::path directory() const { return directory_.path(); }
  // As certificate tools do: written beside, then renamed.
  void put(const std::string& name, const std::string& text) const {
    std::ofstream{directory_ / "new"} << text;
    fs::rename(directory_ / "new", directory_ / name);
  }
  void put(const Certificate& certificate) const {
    put("chain.pem", certificate.chain);
    put("key.pem", certificate.key);
  }
  Settings settings() const { return {{"tls.certificate", directory_ / "chain.pem"}, {"tls.key", directory_ / "key.pem"}}; }

 private:
  TemporaryDirectory directory_;
};

std::string served_by(const RelayProcess& relay) { return TlsClient{relay.port()}.fingerprint(); }

// With a broker, and in one process without a lock-down.
class Reload : public testing::TestWithParam<bool> {
 protected:
  Reload() { shelf.put(first); }
  Settings settings(Settings more = {}) const {
    Settings all = shelf.settings();
    if (!GetParam()) all["lockdown"] = "off";
    all.merge(more);
    all.merge(Settings{{"drain.acks", "1"}});
    return all;
  }
  static void expect_exchange(WirePeer& peer, const TestKey& key) {
    peer.post(mail_to({key.address(), {}}));
    peer.ack(peer.expect("deliver").seq());
    peer.settle();
  }

  Shelf shelf;
  const Certificate first = make_certificate();
  const Certificate second = make_certificate();
};
INSTANTIATE_TEST_SUITE_P(Processes, Reload, testing::Values(true, false),
                         [](const auto& broker) { return broker.param ? "BesideABroker" : "Alone"; });

TEST_P(Reload, NewConnectionsSeeTheNewCertificateAndOldSessionsGoOn) {
  RelayProcess relay{settings()};
  const TestKey alice{1};
  WirePeer old{relay, Encoding::json};
  old.enter(alice);
  EXPECT_EQ(old.tls().fingerprint(), first.fingerprint);

  shelf.put(second);
  EXPECT_EQ(served_by(relay), first.fingerprint);   // nobody has said so yet
  relay.signal(SIGHUP);
  ASSERT_TRUE(relay.says(" info certificate_reloaded\n"));
  EXPECT_EQ(served_by(relay), second.fingerprint);
  const TestKey bob{2};
  WirePeer fresh{relay, Encoding::binary};
  fresh.enter(bob);
  EXPECT_EQ(fresh.tls().fingerprint(), second.fingerprint);
  expect_exchange(old, alice);
  expect_exchange(fresh, bob);
  EXPECT_EQ(relay.stop().status, 0);
}

TEST_P(Reload, SessionsOutliveTheTicketKeysOfTheirCertificate) {
  RelayProcess relay{settings({{"tls.resumption", "true"}, {"threads", "2"}})};
  const TestKey alice{1};
  WirePeer old{relay, Encoding::json};
  old.enter(alice);
  const TlsSession ticket = old.tls().session();
  for (const Certificate* const certificate : {&second, &first, &second}) {
    shelf.put(*certificate);
    relay.signal(SIGHUP);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (served_by(relay) != certificate->fingerprint) ASSERT_LT(std::chrono::steady_clock::now(), end);
  }
  TlsSettings resume;
  resume.resume = ticket;
  TlsClient returning{relay.port(), resume};
  EXPECT_FALSE(returning.resumed());
  EXPECT_EQ(returning.fingerprint(), second.fingerprint);
  expect_exchange(old, alice);
  old.close(1000);
  old.expect("closed");
  EXPECT_EQ(relay.stop().status, 0);
}

TEST_P(Reload, ABadCertificateLeavesTheOldOne) {
  RelayProcess relay{settings()};
  const Certificate expired = make_certificate(-1);
  std::string torn = second.chain + second.chain;
  torn[second.chain.size() + 100] = '!';
  const struct { std::string chain; std::string key; int code; } cases[] = {
      {"no certificate", second.key, 2}, {"", second.key, 1},           {torn, second.key, 3},
      {second.chain, "no key", 4},       {second.chain, first.key, 5},  {expired.chain, expired.key, 6},
  };
  for (const auto& [chain, key, code] : cases) {
    shelf.put("chain.pem", chain);
    shelf.put("key.pem", key);
    relay.signal(SIGHUP);
    ASSERT_TRUE(relay.says(" code=" + std::to_string(code) + "\n")) << relay.out();
    EXPECT_EQ(served_by(relay), first.fingerprint) << code;
  }
  fs::remove(shelf.directory() / "key.pem");
  relay.signal(SIGHUP);
  ASSERT_TRUE(relay.says(" error certificate_rejected error=system:2 code=1\n"));
  shelf.put(second);
  relay.signal(SIGHUP);
  ASSERT_TRUE(relay.says(" certificate_reloaded\n"));
  EXPECT_EQ(served_by(relay), second.fingerprint);
}

// As certbot and Kubernetes have it: the name stays, what it points to is another directory.
TEST_P(Reload, FollowsALinkToAnotherDirectory) {
  for (const auto& [directory, certificate] : {std::pair{"..one", &first}, std::pair{"..two", &second}}) {
    fs::create_directory(shelf.directory() / directory);
    shelf.put(std::string{directory} + "/chain.pem", certificate->chain);
    shelf.put(std::string{directory} + "/key.pem", certificate->key);
  }
  const auto point_to = [this](const char* directory) {
    fs::create_directory_symlink(directory, shelf.directory() / "link");
    fs::rename(shelf.directory() / "link", shelf.directory() / "..data");
  };
  point_to("..one");
  for (const char* const name : {"chain.pem", "key.pem"}) {
    fs::remove(shelf.directory() / name);
    fs::create_symlink(fs::path{"..data"} / name, shelf.directory() / name);
  }
  RelayProcess relay{settings()};
  EXPECT_EQ(served_by(relay), first.fingerprint);
  point_to("..two");
  relay.signal(SIGHUP);
  ASSERT_TRUE(relay.says(" certificate_reloaded\n")) << relay.out();
  EXPECT_EQ(served_by(relay), second.fingerprint);
}

// Under sanitizers there is no broker.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Nobody signals: the broker sees it. One process without a broker waits for its signal.
TEST(Watch, TheBrokerReloadsAPairThatChangesAndRefusesOneThatDoesNotFit) {
  const Shelf shelf;
  const Certificate first = make_certificate(), second = make_certificate();
  shelf.put(first);
  RelayProcess relay{shelf.settings()};
  shelf.put("chain.pem", second.chain);
  ASSERT_TRUE(relay.says(" error certificate_rejected code=5\n")) << relay.out();
  EXPECT_EQ(served_by(relay), first.fingerprint);
  shelf.put("key.pem", second.key);
  ASSERT_TRUE(relay.says(" info certificate_reloaded\n")) << relay.out();
  EXPECT_EQ(served_by(relay), second.fingerprint);
}
#endif

// The configuration's file, a relay that reads it, and what a SIGHUP makes of it.
class Settle : public Reload {
 protected:
  void configure(const std::string& json) const { shelf.put("lethe.json", json); }
  Settings with_file(Settings more = {}) const {
    more["config"] = shelf.directory() / "lethe.json";
    more["threads"] = "2";
    return settings(more);
  }
};
INSTANTIATE_TEST_SUITE_P(Processes, Settle, testing::Values(true, false),
                         [](const auto& broker) { return broker.param ? "BesideABroker" : "Alone"; });

TEST_P(Settle, LimitsThatCanChangeDoSoForSessionsThatThereAre) {
  configure(R"({"limits": {"mailbox": {"messages": 1000, "sender_percent": 100}}})");
  RelayProcess relay{with_file()};
  const TestKey alice{1};
  const TestKey bob{2};
  WirePeer sender{relay, Encoding::json};
  sender.enter(alice);
  for (int i = 0; i < 5; ++i) sender.post(mail_to(invited(bob)));
  configure(R"({"limits": {"mailbox": {"messages": 5, "sender_percent": 100}}})");
  relay.signal(SIGHUP);
  ASSERT_TRUE(relay.says(" info settings_reloaded count=1\n")) << relay.out();
  const Mail sixth = mail_to(invited(bob));
  sender.send(sixth);
  EXPECT_TRUE(relay.reaches(R"(lethe_messages_refused_total{reason="mailbox_full"})", 1)) << relay.out();
  EXPECT_TRUE(relay.says(" certificate_reloaded\n"));
  EXPECT_EQ(relay.out().find("nothing_to_reload"), std::string::npos);
}

TEST_P(Settle, TheLevelOfTheLogChanges) {
  configure("{}");
  RelayProcess relay{with_file()};
  configure(R"({"log": {"level": "debug"}})");
  relay.signal(SIGHUP);
  ASSERT_TRUE(relay.says(" info settings_reloaded count=1\n")) << relay.out();
  WirePeer peer{relay, Encoding::json};
  peer.hello();
  EXPECT_TRUE(relay.says(" debug session_opened session=")) << relay.out();
}

TEST_P(Settle, WhatNeedsARestartSaysSoAndABadFileChangesNothing) {
  configure("{}");
  RelayProcess relay{with_file()};
  configure(R"({"memory": {"arena": "80MiB"}, "limits": {"session": {"total": 7, "sends_per_second": 9}}})");
  relay.signal(SIGHUP);
  ASSERT_TRUE(relay.says(" warning needs_restart option=limits.session.total\n")) << relay.out();
  ASSERT_TRUE(relay.says(" info settings_reloaded count=1\n"));
  configure(R"({"limits": {"session": {"sends_per_second": "CANARY"}}})");
  relay.signal(SIGHUP);
  ASSERT_TRUE(relay.says(" error settings_rejected\n"));
  EXPECT_EQ(relay.out().find("CANARY"), std::string::npos);
  EXPECT_EQ(relay.err(), "");
  configure("{}");
  relay.signal(SIGHUP);
  EXPECT_TRUE(relay.says(" info settings_reloaded count=1\n"));
  EXPECT_EQ(relay.stop().status, 0);
}

TEST_P(Reload, HasNothingToDoWithADevelopmentCertificate) {
  RelayProcess relay{GetParam() ? Settings{} : Settings{{"lockdown", "off"}}};
  relay.signal(SIGHUP);
  EXPECT_TRUE(relay.says(" info nothing_to_reload\n"));
  EXPECT_EQ(served_by(relay), relay.fingerprint());
  EXPECT_EQ(relay.stop().status, 0);
}

TEST(Certificate, ThatCannotBeUsedStopsTheStart) {
  const Shelf shelf;
  const Certificate one = make_certificate();
  shelf.put("chain.pem", one.chain);
  shelf.put("key.pem", make_certificate().key);
  const Settings settings = shelf.settings();
  const Ended ended = run_relay({"--tls.certificate=" + settings.at("tls.certificate"), "--tls.key=" + settings.at("tls.key"),
                                 "--admin=", "--listen=127.0.0.1:0", "--memory.locking=off"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.err, "lethe: tls.key: does not belong to the certificate\n");
  EXPECT_EQ(ended.out, "");
}

}  // namespace
}  // namespace lethe::test
