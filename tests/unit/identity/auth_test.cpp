#include "identity/auth.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "identity/random.hpp"
#include "support/keys.hpp"

namespace lethe::identity {
namespace {

using test::TestKey;

constexpr std::string_view kRelay = "relay.example.org";

Nonce nonce_of(std::uint8_t value) {
  Nonce nonce;
  nonce.bytes.fill(value);
  return nonce;
}

TEST(Auth, SignsContextRelayNonceAndExporterInThisOrder) {
  std::array<std::uint8_t, 32> exporter{};
  exporter.fill('E');
  const std::string expected = std::string("lethe/v1/auth") + '\0' + "relay.example.org" + '\0' + std::string(32, 'N');
  const auto plain = auth_message(kRelay, nonce_of('N'), std::nullopt);
  EXPECT_EQ(std::string(plain.begin(), plain.end()), expected);
  const auto bound = auth_message(kRelay, nonce_of('N'), exporter);
  EXPECT_EQ(std::string(bound.begin(), bound.end()), expected + std::string(32, 'E'));
}

TEST(Auth, AcceptsTheDeviceThatSignedThisChallenge) {
  const TestKey device(1);
  const Signature signature = device.sign(auth_message(kRelay, nonce_of(1), std::nullopt));
  EXPECT_TRUE(verify_auth(kRelay, nonce_of(1), std::nullopt, device.address(), signature));
}

TEST(Auth, RefusesAnotherRelayNonceOrDevice) {
  const TestKey device(1);
  const Signature signature = device.sign(auth_message(kRelay, nonce_of(1), std::nullopt));
  EXPECT_FALSE(verify_auth("relay.example.com", nonce_of(1), std::nullopt, device.address(), signature));
  EXPECT_FALSE(verify_auth("", nonce_of(1), std::nullopt, device.address(), signature));
  EXPECT_FALSE(verify_auth(kRelay, nonce_of(2), std::nullopt, device.address(), signature));
  EXPECT_FALSE(verify_auth(kRelay, nonce_of(1), std::nullopt, TestKey(2).address(), signature));
}

TEST(Auth, RefusesAnotherExporterAndAMissingOrAddedOne) {
  const TestKey device(1);
  std::array<std::uint8_t, 32> exporter{};
  exporter.fill(7);
  std::array<std::uint8_t, 32> other = exporter;
  other[31] = 8;
  const Signature bound = device.sign(auth_message(kRelay, nonce_of(1), exporter));
  EXPECT_TRUE(verify_auth(kRelay, nonce_of(1), exporter, device.address(), bound));
  EXPECT_FALSE(verify_auth(kRelay, nonce_of(1), other, device.address(), bound));
  EXPECT_FALSE(verify_auth(kRelay, nonce_of(1), std::nullopt, device.address(), bound));
  const Signature plain = device.sign(auth_message(kRelay, nonce_of(1), std::nullopt));
  EXPECT_FALSE(verify_auth(kRelay, nonce_of(1), exporter, device.address(), plain));
}

TEST(Auth, RefusesAKeyOfSmallOrderWhoseSignatureFitsEverything) {
  Address identity_key;
  identity_key.bytes[0] = 1;
  Signature forged;
  forged.bytes[0] = 1;
  EXPECT_FALSE(verify_auth(kRelay, nonce_of(1), std::nullopt, identity_key, forged));
}

TEST(Random, FillsTheWholeSpanAndNeverRepeats) {
  Nonce first;
  Nonce second;
  random_bytes(first.bytes);
  random_bytes(second.bytes);
  EXPECT_NE(first, second);
  EXPECT_NE(first, Nonce{});
  random_bytes({});
}

}  // namespace
}  // namespace lethe::identity
