// Nothing of what clients send, and nothing that names them, is written anywhere by the relay at its most talkative.
#include <map>

#include <gtest/gtest.h>

#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

// Each secret in every form in which it could turn up.
class Canaries {
 public:
  void add(const std::string& what, std::span<const std::uint8_t> bytes) {
    forms_[what + ", raw"] = std::string{bytes.begin(), bytes.end()};
    forms_[what + ", hex"] = hex(bytes);
    forms_[what + ", base64url"] = base64url(bytes);
  }
  void add(const std::string& what, std::string_view text) {
    add(what, std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  void expect_none_in(std::string_view text, const std::string& where) const {
    for (const auto& [what, form] : forms_) EXPECT_EQ(text.find(form), std::string_view::npos) << what << " in " << where;
  }

 private:
  std::map<std::string, std::string> forms_;
};

constexpr std::string_view canary = "CANARY-in-the-coal-mine-4711";

void exchange(const RelayProcess& relay, Encoding encoding, const TestKey& alice, const TestKey& bob, Canaries& canaries) {
  WirePeer sender{relay, encoding};
  sender.enter(alice);
  WirePeer recipient{relay, encoding};
  recipient.enter(bob);
  Mail mail = mail_to(invited(bob), std::string{canary});
  mail.topic = "CANARY_topic";
  mail.receipt = true;
  mail.to.push_back({TestKey{99}.address(), {}});
  canaries.add("message id", mail.id.bytes);
  canaries.add("invite", *mail.to.front().invite);
  sender.post(mail);
  recipient.ack(recipient.expect("deliver").seq());
  recipient.settle();
  sender.ack(sender.expect("receipt").seq());
  sender.recall(mail.id, bob.address());
  sender.expect("recalled");
}

// What a relay could be tempted to quote.
void misbehave(const RelayProcess& relay, const TestKey& alice) {
  const std::string text{canary};
  const std::string frames[] = {text,
                                "{\"type\":\"" + text + "\"}",
                                "{\"" + text + "\":1}",
                                "{\"type\":\"send\",\"id\":\"" + text + "\"}",
                                "{\"type\":\"mailbox\",\"senders\":\"" + text + "\"}",
                                "{\"type\":\"recall\",\"device\":\"" + text + "\"}"};
  for (const std::string& frame : frames) {
    for (const bool authenticated : {false, true}) {
      WirePeer peer{relay, Encoding::json};
      peer.hello();
      if (authenticated) peer.enter(alice);
      peer.say_text(frame);
      const Heard error = peer.expect("error");
      EXPECT_EQ(error.fields.dump().find("CANARY"), std::string::npos);
    }
  }
  WirePeer records{relay, Encoding::binary};
  records.enter(alice);
  records.say_binary(text);
  records.expect("error");
  WirePeer auth{relay, Encoding::json};
  Json forged = auth.auth_message(alice, {.admission = text});
  forged["signature"] = base64url(std::string(64, 'C'));
  auth.say(forged);
  auth.expect("error");
  ask(relay.port(), "GET /" + text + " HTTP/1.1\r\nHost: " + text + "\r\nX-" + text + ": " + text + "\r\n\r\n");
  ask(relay.port(), text + "\r\n\r\n");
  ask(relay.port(), upgrade_request(text, "Origin: https://" + text + "\r\n"));
}

TEST(Privacy, NoCanaryReachesTheLogOrTheMetrics) {
  for (const char* const format : {"text", "json"}) {
    RelayProcess relay{{{"log.level", "debug"}, {"log.format", format}, {"drain.acks", "1"}}};
    const TestKey alice{4'711};
    const TestKey bob{4'712};
    Canaries canaries;
    canaries.add("payload", canary);
    canaries.add("a part of it", canary.substr(0, 6));
    canaries.add("address", alice.address().bytes);
    canaries.add("address", bob.address().bytes);
    exchange(relay, Encoding::json, alice, bob, canaries);
    exchange(relay, Encoding::binary, alice, bob, canaries);
    misbehave(relay, alice);
    unsigned status = 0;
    const std::string metrics = relay.admin_page("/metrics", status);
    const Ended ended = relay.stop();
    EXPECT_EQ(ended.status, 0);
    EXPECT_NE(ended.out.find("session_closed"), std::string::npos);   // it was talkative
    const std::map<std::string, std::string> written{{"stdout", ended.out}, {"stderr", ended.err}, {"metrics", metrics}};
    for (const auto& [where, text] : written) {
      canaries.expect_none_in(text, where);
      EXPECT_EQ(text.find("127.0.0.1"), std::string::npos) << where;
    }
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Beast writes what it has read of such a text, and then says that it has read nothing.
TEST(Privacy, AMessageThatIsNoTextLeavesNothingInMemory) {
  const RelayProcess relay;
  WirePeer sender{relay, Encoding::json};
  sender.enter(TestKey{4'713});
  sender.post(mail_to(invited(TestKey{4'714}), std::string{canary}));
  const std::size_t waiting = relay.copies_in_memory(canary);
  EXPECT_GT(waiting, 0U) << "what waits is found";
  std::string text;
  while (text.size() < 60'000) text += canary;
  WirePeer stranger{relay, Encoding::json};
  stranger.hello();
  stranger.say_text("{\"type\":\"send\",\"payload\":\"" + text + "\xff\"}");
  while (stranger.hear().type != "gone") continue;
  EXPECT_TRUE(relay.reaches("lethe_sessions", 1));
  EXPECT_EQ(relay.copies_in_memory(canary), waiting);
}
#endif

TEST(Privacy, RefusingAWrongConfigurationDoesNotBreakTheLine) {
  const Ended ended = run_relay({"--name=a\nb\x1b[31m"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(ended.err.find('\n'), ended.err.size() - 1);
}

}  // namespace
}  // namespace lethe::test
