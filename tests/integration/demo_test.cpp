// The demo page and its status feed, at a relay that has it on and at one that doesn't.
#include <chrono>

#include <gtest/gtest.h>

#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

HttpReply get(const RelayProcess& relay, const std::string& path, const std::string& fields = {}) {
  return ask(relay.port(), "GET " + path + " HTTP/1.1\r\nHost: localhost:" + std::to_string(relay.port()) + "\r\n" + fields + "\r\n");
}

std::int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// The layout is written down here a second time.
std::string proof(const TestKey& named, const TestKey& signer, std::int64_t time = unix_now()) {
  const std::string signed_text = std::string{"lethe/v1/demo-status"} + '\0' + "localhost" + '\0' + std::to_string(time);
  const auto signature = signer.sign({reinterpret_cast<const std::uint8_t*>(signed_text.data()), signed_text.size()});
  return "Authorization: Lethe-Demo " + base64url(named.address().bytes) + "." + std::to_string(time) + "." +
         base64url(signature.bytes) + "\r\n";
}

std::string status_of(const RelayProcess& relay, const TestKey& key) {
  const HttpReply reply = get(relay, "/demo/status", proof(key, key));
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.value("content-type"), "application/json");
  EXPECT_EQ(reply.value("cache-control"), "no-store");
  EXPECT_FALSE(reply.has("access-control-allow-origin"));
  return reply.body;
}

TEST(Demo, IsNothingUnlessItIsAskedFor) {
  const RelayProcess relay;
  for (const char* const path : {"/", "/demo/demo.js", "/demo/demo.css", "/demo/icon.svg", "/demo/status"}) {
    EXPECT_EQ(get(relay, path).status, 404U) << path;
  }
  const TestKey key{1};
  EXPECT_EQ(get(relay, "/demo/status", proof(key, key)).status, 404U);
}

TEST(Demo, ServesThePageWholeAndWithItsHeaders) {
  const RelayProcess relay{{{"demo", "true"}}};
  for (const char* const path : {"/", "/demo/demo.js", "/demo/demo.css", "/demo/icon.svg"}) {
    const HttpReply reply = get(relay, path);
    EXPECT_EQ(reply.status, 200U) << path;
    EXPECT_EQ(reply.body.size(), std::stoul(reply.value("content-length"))) << path;
    EXPECT_NE(reply.value("content-security-policy").find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(reply.value("x-content-type-options"), "nosniff");
  }
  EXPECT_EQ(get(relay, "/favicon.ico").status, 404U);
  EXPECT_EQ(get(relay, "/.well-known/lethe").status, 200U);
  EXPECT_EQ(relay.metric("lethe_upgrades_refused_total"), 1);
}

TEST(Demo, ItsOwnPageMayConnectWhateverOriginsAreListed) {
  const RelayProcess relay{{{"demo", "true"}, {"allowed_origins", "https://chat.example"}}};
  const auto connects = [&relay](const std::string& origin) {
    try {
      WirePeer{relay, Encoding::binary, {}, "Origin: " + origin + "\r\n"}.enter(TestKey{1});
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  };
  EXPECT_TRUE(connects("https://localhost"));
  EXPECT_TRUE(connects("https://chat.example"));
  EXPECT_FALSE(connects("https://evil.example"));
}

// On two threads, whose mailboxes it asks from either.
TEST(Demo, TellsADeviceHowMuchWaitsForIt) {
  const RelayProcess relay{{{"demo", "true"}, {"threads", "2"}}};
  WirePeer sender{relay, Encoding::binary};
  sender.enter(TestKey{1});
  for (std::uint64_t seed = 10; seed < 18; ++seed) {
    const TestKey recipient{seed};
    EXPECT_EQ(status_of(relay, recipient), "{\"messages\":0,\"bytes\":0}\n");
    sender.post(mail_to(invited(recipient), std::string(1'000, 'x')));
    sender.post(mail_to(invited(recipient), "hello"));
    EXPECT_EQ(status_of(relay, recipient), "{\"messages\":2,\"bytes\":1005}\n");
    EXPECT_EQ(status_of(relay, recipient), "{\"messages\":2,\"bytes\":1005}\n");   // on the other thread
    WirePeer reader{relay, Encoding::binary};
    reader.authenticate(recipient);
    const std::uint64_t first = reader.expect("deliver").seq();
    reader.expect("deliver");
    reader.expect("caught_up");
    reader.ack(first);
    reader.settle();
    EXPECT_EQ(status_of(relay, recipient), "{\"messages\":1,\"bytes\":5}\n");
  }
  EXPECT_EQ(status_of(relay, TestKey{1}), "{\"messages\":0,\"bytes\":0}\n");
}

TEST(Demo, TellsNobodyElse) {
  const RelayProcess relay{{{"demo", "true"}}};
  const TestKey owner{1};
  const auto status = [&relay](const std::string& fields) { return get(relay, "/demo/status", fields).status; };
  EXPECT_EQ(status(""), 401U);
  EXPECT_EQ(status("Authorization: Lethe-Demo nonsense\r\n"), 401U);
  EXPECT_EQ(status(proof(owner, TestKey{2})), 401U);
  EXPECT_EQ(status(proof(owner, owner, unix_now() - 600)), 401U);
  const std::string once = proof(owner, owner);
  EXPECT_EQ(status(once), 200U);
  EXPECT_EQ(status(once), 200U);   // a repetition within its minute reads the same two numbers
  EXPECT_TRUE(get(relay, "/demo/status").has("www-authenticate"));
}

TEST(Demo, WritesNothingOfWhoAskedAnywhere) {
  const RelayProcess relay{{{"demo", "true"}, {"log.level", "debug"}}};
  const TestKey owner{7};
  status_of(relay, owner);
  get(relay, "/demo/status", proof(owner, TestKey{2}));
  EXPECT_TRUE(relay.says("upgrade_refused"));
  unsigned ignored = 0;
  for (const std::string& text : {relay.out(), relay.err(), relay.admin_page("/metrics", ignored)}) {
    EXPECT_EQ(text.find(base64url(owner.address().bytes)), std::string::npos);
    EXPECT_EQ(text.find("127.0.0.1"), std::string::npos);
  }
  if (locks_down()) {   // a sanitizer keeps what is freed
    EXPECT_EQ(relay.copies_in_memory(base64url(owner.address().bytes)), 0U);
  }
}

}  // namespace
}  // namespace lethe::test
