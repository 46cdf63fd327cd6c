#include "session/greeting.hpp"

#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "identity/admission.hpp"
#include "identity/auth.hpp"
#include "support/keys.hpp"

namespace lethe::session {
namespace {

using test::TestKey;
using wire::ErrorCode;

const TestKey device{1};

Nonce nonce_of(std::uint8_t number) {
  Nonce nonce;
  nonce.bytes.fill(number);
  return nonce;
}

struct Greeted {
  Limits limits;
  identity::Admission open;
  Terms terms{"relay.example", Epoch{7}, limits, open, false};
  std::array<std::uint8_t, 32> exporter{};
  Instant now{Monotonic{seconds{5}}, Wall{seconds{1'700'000'000}}};

  Greeted() { exporter.fill(0xee); }
  Greeting greeting() const { return {terms, nonce_of(3), exporter}; }
  wire::Auth auth(std::string_view relay, const Nonce& nonce, bool bound) const {
    wire::Auth auth;
    auth.device = device.address();
    auth.exporter_bound = bound;
    std::optional<identity::TlsExporter> with;
    if (bound) with.emplace(exporter);
    auth.signature = device.sign(identity::auth_message(relay, nonce, with));
    return auth;
  }
  Greeting::Outcome attempt(const wire::Auth& auth) const { return greeting().authenticate(auth, now); }
};

TEST(Greeting, TellsTheLimitsInHello) {
  Greeted world;
  world.limits.message.payload = 11;
  world.limits.message.recipients = 12;
  world.limits.message.ttl = seconds{13};
  world.limits.mailbox.window = 14;
  world.limits.mailbox.window_bytes = 15;
  world.limits.session.idle = seconds{16};
  const wire::Hello hello = world.greeting().hello(world.now);
  EXPECT_EQ(hello.relay, "relay.example");
  EXPECT_EQ(hello.nonce, nonce_of(3));
  EXPECT_EQ(hello.epoch, Epoch{7});
  EXPECT_EQ(hello.time, world.now.wall);
  EXPECT_EQ(hello.payload, 11U);
  EXPECT_EQ(hello.recipients, 12U);
  EXPECT_EQ(hello.ttl, seconds{13});
  EXPECT_EQ(hello.window, 14U);
  EXPECT_EQ(hello.window_bytes, 15U);
  EXPECT_EQ(hello.idle, seconds{16});
}

TEST(Greeting, BecomesTheCredentialsOfAProvenDevice) {
  const Greeted world;
  wire::Auth auth = world.auth("relay.example", nonce_of(3), false);
  auth.mailbox.generation = 9;
  auth.epoch = Epoch{7};
  const auto outcome = world.attempt(auth);
  ASSERT_TRUE(outcome.credentials);
  EXPECT_EQ(outcome.credentials->device, device.address());
  EXPECT_EQ(outcome.credentials->mailbox.generation, 9U);
  EXPECT_EQ(outcome.credentials->epoch, Epoch{7});
  EXPECT_FALSE(outcome.credentials->quota);
}

TEST(Greeting, AcceptsASignatureBoundToTheTlsSession) {
  Greeted world;
  EXPECT_TRUE(world.attempt(world.auth("relay.example", nonce_of(3), true)).credentials);
  world.terms.require_exporter = true;
  EXPECT_TRUE(world.attempt(world.auth("relay.example", nonce_of(3), true)).credentials);
}

TEST(Greeting, RefusesWhatDoesNotProveTheKey) {
  const Greeted world;
  const wire::Auth good = world.auth("relay.example", nonce_of(3), false);
  wire::Auth other_device = good;
  other_device.device = TestKey{2}.address();
  wire::Auth bent = good;
  bent.signature.bytes[5] ^= 1;
  wire::Auth unbound = world.auth("relay.example", nonce_of(3), true);
  unbound.exporter_bound = false;
  wire::Auth claims_binding = good;
  claims_binding.exporter_bound = true;
  wire::Auth identity_key;   // under it one signature would fit any message
  identity_key.device.bytes[0] = 1;
  identity_key.signature.bytes[0] = 1;
  const struct {
    const char* what;
    wire::Auth auth;
  } cases[] = {
      {"another relay's name", world.auth("evil.example", nonce_of(3), false)},
      {"another connection's nonce", world.auth("relay.example", nonce_of(4), false)},
      {"another device's key", other_device},
      {"a bent signature", bent},
      {"a bound signature passed off as unbound", unbound},
      {"an unbound signature passed off as bound", claims_binding},
      {"a key of small order", identity_key},
  };
  for (const auto& [what, auth] : cases) {
    const auto outcome = world.attempt(auth);
    EXPECT_FALSE(outcome.credentials) << what;
    EXPECT_EQ(outcome.error.code, ErrorCode::unauthenticated) << what;
    EXPECT_FALSE(outcome.error.detail.empty()) << what;
    EXPECT_FALSE(outcome.error.id) << what;
  }
}

TEST(Greeting, RefusesAnotherTlsSessionsBinding) {
  Greeted world;
  const wire::Auth auth = world.auth("relay.example", nonce_of(3), true);
  world.exporter.fill(0xdd);
  EXPECT_EQ(world.attempt(auth).error.code, ErrorCode::unauthenticated);
}

TEST(Greeting, RefusesABindingWhereThereIsNoTls) {
  const Greeted world;
  Greeting plain{world.terms, nonce_of(3), {}};
  const auto outcome = std::move(plain).authenticate(world.auth("relay.example", nonce_of(3), true), world.now);
  EXPECT_FALSE(outcome.credentials);
  EXPECT_EQ(outcome.error.code, ErrorCode::unauthenticated);
}

TEST(Greeting, RefusesAMissingBindingWhereOneIsRequired) {
  Greeted world;
  world.terms.require_exporter = true;
  const auto outcome = world.attempt(world.auth("relay.example", nonce_of(3), false));
  EXPECT_FALSE(outcome.credentials);
  EXPECT_EQ(outcome.error.code, ErrorCode::unauthenticated);
}

// An operator's Ed25519 key and the tokens that it issues.
class Operator {
 public:
  identity::Admission admission() const {
    std::vector<std::uint8_t> spki{0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0};
    spki.insert(spki.end(), key_.address().bytes.begin(), key_.address().bytes.end());
    std::array<unsigned char, 128> text{};
    EVP_EncodeBlock(text.data(), spki.data(), static_cast<int>(spki.size()));
    return identity::Admission{"-----BEGIN PUBLIC KEY-----\n" + std::string{reinterpret_cast<char*>(text.data())} +
                               "\n-----END PUBLIC KEY-----\n"};
  }
  std::string issue(const Address& to, std::int64_t expires, const std::string& more = {}) const {
    const std::string claims = R"({"sub":")" + encode(to.bytes) + R"(","exp":)" + std::to_string(expires) + more + "}";
    const std::string head = text(R"({"alg":"EdDSA"})") + "." + text(claims);
    const Signature signature = key_.sign({reinterpret_cast<const std::uint8_t*>(head.data()), head.size()});
    return head + "." + encode(signature.bytes);
  }

 private:
  static std::string encode(std::span<const std::uint8_t> bytes) {
    std::string out(base64url::encoded_size(bytes.size()), '\0');
    base64url::encode(bytes, out.data());
    return out;
  }
  static std::string text(const std::string& json) {
    return encode({reinterpret_cast<const std::uint8_t*>(json.data()), json.size()});
  }
  TestKey key_{99};
};

TEST(Greeting, AsksForTheOperatorsTokenWhereTheRelayIsNotOpen) {
  const Greeted world;
  const Operator op;
  const identity::Admission admission = op.admission();
  const Terms terms{"relay.example", Epoch{7}, world.limits, admission, false};
  const auto attempt = [&](const std::string& token) {
    wire::Auth auth = world.auth("relay.example", nonce_of(3), false);
    auth.admission = token;
    return Greeting{terms, nonce_of(3), world.exporter}.authenticate(auth, world.now);
  };
  const auto none = attempt("");
  EXPECT_FALSE(none.credentials);
  EXPECT_EQ(none.error.code, ErrorCode::unauthenticated);
  EXPECT_NE(none.error.detail.find("admission token"), std::string_view::npos);
  EXPECT_EQ(attempt(op.issue(TestKey{2}.address(), 1'800'000'000)).error.code, ErrorCode::unauthenticated) << "another's";
  EXPECT_FALSE(attempt(op.issue(device.address(), 1'700'000'000)).credentials) << "expired";

  const auto plain = attempt(op.issue(device.address(), 1'800'000'000));
  ASSERT_TRUE(plain.credentials);
  EXPECT_FALSE(plain.credentials->quota);

  const auto quota = attempt(op.issue(device.address(), 1'800'000'000, R"(,"quota":{"sends_per_second":3})"));
  ASSERT_TRUE(quota.credentials);
  ASSERT_TRUE(quota.credentials->quota);
  EXPECT_EQ(quota.credentials->quota->sends_per_second, 3U);
  EXPECT_EQ(quota.credentials->quota->bytes_per_second, 0U) << "the default";
}

TEST(Greeting, AValidTokenDoesNotReplaceTheSignature) {
  const Greeted world;
  const Operator op;
  const identity::Admission admission = op.admission();
  const Terms terms{"relay.example", Epoch{7}, world.limits, admission, false};
  wire::Auth auth = world.auth("relay.example", nonce_of(4), false);
  auth.admission = op.issue(device.address(), 1'800'000'000);
  const auto outcome = Greeting{terms, nonce_of(3), world.exporter}.authenticate(auth, world.now);
  EXPECT_EQ(outcome.error.code, ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace lethe::session
