#include "identity/status_proof.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/base64url.hpp"
#include "support/keys.hpp"

namespace lethe::identity {
namespace {

using test::TestKey;

constexpr std::string_view kRelay = "relay.example.org";
constexpr std::int64_t kNow = 1'790'000'000;

Wall at(std::int64_t unix_time) { return Wall{seconds{unix_time}}; }

std::string text_of(std::span<const std::uint8_t> bytes) {
  std::string text(base64url::encoded_size(bytes.size()), '\0');
  base64url::encode(bytes, text.data());
  return text;
}

std::string field(const TestKey& named, const std::string& time, const TestKey& signer, std::string_view relay = kRelay) {
  return "Lethe-Demo " + text_of(named.address().bytes) + "." + time + "." + text_of(signer.sign(status_message(relay, time)).bytes);
}

std::string proof(const TestKey& key, std::int64_t time = kNow) { return field(key, std::to_string(time), key); }

TEST(StatusProof, SignsContextRelayAndTimeInThisOrder) {
  const auto message = status_message("relay", "17");
  EXPECT_EQ(std::string(message.begin(), message.end()), std::string("lethe/v1/demo-status") + '\0' + "relay" + '\0' + "17");
}

TEST(StatusProof, NamesTheDeviceThatSignedIt) {
  const TestKey device{1};
  EXPECT_EQ(verify_status_proof(proof(device), kRelay, at(kNow)), device.address());
}

TEST(StatusProof, RefusesAnotherKeyRelayOrTime) {
  const TestKey device{1};
  EXPECT_FALSE(verify_status_proof(field(device, std::to_string(kNow), TestKey{2}), kRelay, at(kNow)));
  EXPECT_FALSE(verify_status_proof(proof(device), "relay.example.com", at(kNow)));
  std::string later = proof(device);
  later.replace(later.find(std::to_string(kNow)), 10, std::to_string(kNow + 1));
  EXPECT_FALSE(verify_status_proof(later, kRelay, at(kNow)));
}

TEST(StatusProof, HoldsForAMinuteEitherWayAndNoLonger) {
  const TestKey device{1};
  for (const std::int64_t away : {-60, -1, 1, 60}) {
    EXPECT_TRUE(verify_status_proof(proof(device, kNow + away), kRelay, at(kNow))) << away;
  }
  for (const std::int64_t away : {-3'600, -61, 61, 3'600}) {
    EXPECT_FALSE(verify_status_proof(proof(device, kNow + away), kRelay, at(kNow))) << away;
  }
}

// It only reads: asked again within its minute it names the same device, and nothing is kept of it.
TEST(StatusProof, CanBeRepeatedWithinItsMinute) {
  const TestKey device{1};
  const std::string again = proof(device);
  EXPECT_EQ(verify_status_proof(again, kRelay, at(kNow)), device.address());
  EXPECT_EQ(verify_status_proof(again, kRelay, at(kNow + 30)), device.address());
  EXPECT_FALSE(verify_status_proof(again, kRelay, at(kNow + 61)));
}

TEST(StatusProof, RefusesWhatIsNotOfItsForm) {
  const TestKey device{1};
  const std::string whole = proof(device);
  const std::string content = whole.substr(std::string_view{"Lethe-Demo "}.size());
  for (const std::string& wrong :
       {std::string{}, std::string{"Lethe-Demo "}, std::string{"Lethe-Demo .."}, content, "Bearer " + content, whole + "A", whole + ".",
        whole.substr(0, whole.size() - 1), "Lethe-Demo " + content.substr(1)}) {
    EXPECT_FALSE(verify_status_proof(wrong, kRelay, at(kNow))) << wrong.size();
  }
  for (const std::string time : {"", "x", "+1790000000", "1790000000 ", "17900000000000000000000"}) {
    EXPECT_FALSE(verify_status_proof(field(device, time, device), kRelay, at(kNow))) << time;
  }
}

}  // namespace
}  // namespace lethe::identity
