#include "ops/config_rules.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/config_error.hpp"
#include "ops/options.hpp"

namespace lethe::ops {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string complaint(const std::function<void(Config&)>& change) {
  Config config;
  change(config);
  try {
    check_rules(config);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return {};
}

TEST(Rules, HoldForTheDefaults) { EXPECT_NO_THROW(check_rules(Config{})); }

TEST(Rules, NameOptions) {
  for (const Rule& rule : rules()) EXPECT_NE(find_option(rule.option), nullptr) << rule.option;
}

TEST(Rules, WantCertificateAndKeyTogether) {
  EXPECT_THAT(complaint([](Config& c) { c.tls.certificate = "a"; }), StartsWith("tls.key: must be given together"));
  EXPECT_THAT(complaint([](Config& c) { c.tls.key = "a"; }), StartsWith("tls.key: must be given together"));
  EXPECT_EQ(complaint([](Config& c) { c.tls.certificate = c.tls.key = "a"; }), "");
}

TEST(Rules, KeepPlaintextApartFromTls) {
  EXPECT_EQ(complaint([](Config& c) { c.tls.plaintext = true; }), "");
  EXPECT_THAT(complaint([](Config& c) { c.tls.plaintext = true, c.tls.certificate = c.tls.key = "a"; }),
              StartsWith("tls.plaintext: can't"));
  EXPECT_THAT(complaint([](Config& c) { c.tls.plaintext = c.tls.require_exporter = true; }),
              StartsWith("tls.require_exporter: needs TLS"));
  EXPECT_EQ(complaint([](Config& c) { c.tls.require_exporter = true; }), "");
}

TEST(Rules, WantACertificateForANameThatIsNotLocal) {
  EXPECT_THAT(complaint([](Config& c) { c.name = "relay.example.org"; }),
              HasSubstr("development certificate is only for localhost"));
  EXPECT_EQ(complaint([](Config& c) { c.name = "relay.example.org", c.tls.certificate = c.tls.key = "a"; }), "");
  EXPECT_EQ(complaint([](Config& c) { c.name = "relay.example.org", c.tls.plaintext = true; }), "");
}

TEST(LocalName, IsOneThatNobodyElseOwns) {
  for (const auto* name : {"localhost", "a.localhost", "relay.local", "relay.test", "127.0.0.1", "127.1.2.3", "::1"}) {
    EXPECT_TRUE(is_local_name(name)) << name;
  }
  for (const auto* name : {"", "example.org", "notlocalhost", "localhost.example.org", "127.example.org", "128.0.0.1",
                           "10.0.0.1", "::2", "latest"}) {
    EXPECT_FALSE(is_local_name(name)) << name;
  }
}

TEST(Rules, KeepTheAdminPageOffThePublicPort) {
  EXPECT_THAT(complaint([](Config& c) { c.admin = c.listen; }), StartsWith("admin: must not be where"));
  EXPECT_EQ(complaint([](Config& c) { c.admin = c.listen = Endpoint{"127.0.0.1", 0}; }), "");
  EXPECT_EQ(complaint([](Config& c) { c.admin.reset(); }), "");
}

TEST(Rules, WantAKeyForTokensAndOnlyForThem) {
  EXPECT_THAT(complaint([](Config& c) { c.admission.mode = AdmissionMode::jwt; }), StartsWith("admission.key_file: is needed"));
  EXPECT_THAT(complaint([](Config& c) { c.admission.key_file = "a"; }), StartsWith("admission.key_file: is needed"));
  EXPECT_EQ(complaint([](Config& c) { c.admission = {AdmissionMode::jwt, "a"}; }), "");
}

// Each limit may stand at the edge and not beyond it.
struct Edge {
  std::string_view option;
  std::function<void(Config&)> last_good;
  std::function<void(Config&)> first_bad;
};

TEST(Rules, LetLimitsGoToTheEdgeAndNotBeyond) {
  const Edge edges[] = {
      {"limits.message.default_ttl", [](Config& c) { c.limits.message.ttl = seconds{604'800}; },
       [](Config& c) { c.limits.message.ttl = seconds{604'799}; }},
      {"limits.relay.bytes", [](Config& c) { c.memory.arena = 201'326'592; }, [](Config& c) { c.memory.arena = 201'326'591; }},
      {"limits.relay.bytes", [](Config& c) { c.limits.relay.bytes = 131'072; }, [](Config& c) { c.limits.relay.bytes = 131'071; }},
      {"limits.mailbox.bytes", [](Config& c) { c.limits.mailbox.bytes = 262'200; },
       [](Config& c) { c.limits.mailbox.bytes = 262'100; }},
      {"limits.mailbox.window_bytes", [](Config& c) { c.limits.mailbox.window_bytes = 65'536; },
       [](Config& c) { c.limits.mailbox.window_bytes = 65'535; }},
      {"limits.session.frame", [](Config& c) { c.limits.session.frame = 87'384 + 204'800 + 512; },
       [](Config& c) { c.limits.session.frame = 87'384 + 204'800 + 511; }},
      {"limits.session.transit", [](Config& c) { c.limits.session.transit = 1'048'576; },
       [](Config& c) { c.limits.session.transit = 1'048'575; }},
      {"limits.session.bytes_per_second", [](Config& c) { c.limits.session.bytes_per_second = 6'554; },
       [](Config& c) { c.limits.session.bytes_per_second = 6'553; }},
      {"limits.session.ping", [](Config& c) { c.limits.session.ping = seconds{299}; },
       [](Config& c) { c.limits.session.ping = seconds{300}; }},
      {"drain.retry_after.min", [](Config& c) { c.drain.retry_after.min = seconds{30}; },
       [](Config& c) { c.drain.retry_after.min = seconds{31}; }},
  };
  for (const Edge& edge : edges) {
    EXPECT_EQ(complaint(edge.last_good), "") << edge.option;
    EXPECT_THAT(complaint(edge.first_bad), StartsWith(std::string{edge.option} + ": must "));
  }
}

TEST(Rules, DoNotRequireSecretMemoryThatMustNotBeLocked) {
  const auto with = [](MemoryLocking locking, SecretMemory secret) {
    return complaint([=](Config& c) { c.memory.locking = locking, c.memory.secret = secret; });
  };
  EXPECT_THAT(with(MemoryLocking::off, SecretMemory::required), StartsWith("memory.secret: can't be required"));
  EXPECT_EQ(with(MemoryLocking::off, SecretMemory::best_effort), "");
  EXPECT_EQ(with(MemoryLocking::best_effort, SecretMemory::required), "");
}

TEST(Rules, LetTheLargestPayloadThroughWithTheOtherDefaults) {
  EXPECT_EQ(complaint([](Config& c) { c.limits.message.payload = Arena::largest_block; }), "");
}

}  // namespace
}  // namespace lethe::ops
