#include "identity/invite_cache.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/keys.hpp"

namespace lethe::identity {
namespace {

using test::make_invite;
using test::TestKey;

const KeyedHash kHash({1, 2, 3});
const Wall kNow(seconds(1'700'000'000));

std::array<std::uint8_t, 92> numbered(const TestKey& recipient, std::uint32_t generation) {
  return make_invite(recipient, {.generation = generation});
}

TEST(InviteCache, ChecksASignatureOnceHoweverOftenTheInviteIsUsed) {
  const TestKey recipient(1);
  const auto raw = make_invite(recipient, {.generation = 5});
  InviteCache cache(kHash, 10);
  for (int use = 0; use < 3; ++use) {
    const CheckedInvite checked = cache.check(recipient.address(), raw, kNow);
    EXPECT_EQ(checked.check, InviteCheck::valid);
    EXPECT_EQ(checked.claims.generation, 5U);
  }
  EXPECT_EQ(cache.verifications(), 1U);
  EXPECT_EQ(cache.size(), 1U);
}

TEST(InviteCache, RefusesAnInviteOfAnotherRecipientEvenWhenItIsRemembered) {
  const TestKey recipient(1);
  const auto raw = make_invite(recipient);
  InviteCache cache(kHash, 10);
  EXPECT_EQ(cache.check(recipient.address(), raw, kNow).check, InviteCheck::valid);
  EXPECT_EQ(cache.check(TestKey(2).address(), raw, kNow).check, InviteCheck::invalid);
}

TEST(InviteCache, RefusesARememberedInviteWithAnyByteAltered) {
  const TestKey recipient(1);
  const auto raw = make_invite(recipient);
  InviteCache cache(kHash, 10);
  ASSERT_EQ(cache.check(recipient.address(), raw, kNow).check, InviteCheck::valid);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    auto altered = raw;
    altered[i] = static_cast<std::uint8_t>(altered[i] ^ 1);
    EXPECT_NE(cache.check(recipient.address(), altered, kNow).check, InviteCheck::valid) << "byte " << i;
  }
  EXPECT_EQ(cache.size(), 1U);
}

TEST(InviteCache, DoesNotRememberWhatIsInvalid) {
  const TestKey recipient(1);
  auto raw = make_invite(recipient);
  raw[91] = static_cast<std::uint8_t>(raw[91] ^ 1);
  InviteCache cache(kHash, 10);
  EXPECT_EQ(cache.check(recipient.address(), raw, kNow).check, InviteCheck::invalid);
  EXPECT_EQ(cache.check(recipient.address(), raw, kNow).check, InviteCheck::invalid);
  EXPECT_EQ(cache.verifications(), 2U);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(InviteCache, RefusesTheMalformedWithoutAVerification) {
  InviteCache cache(kHash, 10);
  const auto raw = make_invite(TestKey(1), {.version = 2});
  EXPECT_EQ(cache.check(TestKey(1).address(), raw, kNow).check, InviteCheck::invalid);
  EXPECT_EQ(cache.check(TestKey(1).address(), std::span(raw).first(91), kNow).check, InviteCheck::invalid);
  EXPECT_EQ(cache.check(TestKey(1).address(), {}, kNow).check, InviteCheck::invalid);
  EXPECT_EQ(cache.verifications(), 0U);
}

TEST(InviteCache, LooksAtExpiryOnEveryUse) {
  const TestKey recipient(1);
  const auto raw = make_invite(recipient, {.expires = 1'700'000'010});
  InviteCache cache(kHash, 10);
  EXPECT_EQ(cache.check(recipient.address(), raw, kNow).check, InviteCheck::valid);
  EXPECT_EQ(cache.check(recipient.address(), raw, kNow + milliseconds(9'999)).check, InviteCheck::valid);
  EXPECT_EQ(cache.check(recipient.address(), raw, kNow + seconds(10)).check, InviteCheck::expired);
}

TEST(InviteCache, SpendsNoVerificationAndNoPlaceOnTheExpired) {
  const TestKey recipient(1);
  InviteCache cache(kHash, 10);
  EXPECT_EQ(cache.check(recipient.address(), make_invite(recipient, {.expires = 1}), kNow).check, InviteCheck::expired);
  EXPECT_EQ(cache.verifications(), 0U);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(InviteCache, ForgetsTheOldestFirstWhenItIsFull) {
  const TestKey recipient(1);
  InviteCache cache(kHash, 3);
  for (std::uint32_t i = 0; i < 5; ++i) cache.check(recipient.address(), numbered(recipient, i), kNow);
  EXPECT_EQ(cache.size(), 3U);
  ASSERT_EQ(cache.verifications(), 5U);
  for (std::uint32_t i = 2; i < 5; ++i) cache.check(recipient.address(), numbered(recipient, i), kNow);
  EXPECT_EQ(cache.verifications(), 5U) << "the newest three are known";
  EXPECT_EQ(cache.check(recipient.address(), numbered(recipient, 0), kNow).check, InviteCheck::valid);
  EXPECT_EQ(cache.verifications(), 6U) << "a forgotten one is verified again";
  cache.check(recipient.address(), numbered(recipient, 3), kNow);
  EXPECT_EQ(cache.verifications(), 6U) << "only the oldest made room";
  cache.check(recipient.address(), numbered(recipient, 2), kNow);
  EXPECT_EQ(cache.verifications(), 7U);
}

TEST(InviteCache, StaysWithinItsCapacityOverManyRounds) {
  const TestKey recipient(1);
  InviteCache cache(kHash, 7);
  for (std::uint32_t i = 0; i < 100; ++i) {
    cache.check(recipient.address(), numbered(recipient, i), kNow);
    EXPECT_LE(cache.size(), 7U);
  }
}

TEST(InviteCache, WithoutCapacityStillDecidesRightly) {
  const TestKey recipient(1);
  InviteCache cache(kHash, 0);
  EXPECT_EQ(cache.check(recipient.address(), make_invite(recipient), kNow).check, InviteCheck::valid);
  EXPECT_EQ(cache.check(recipient.address(), make_invite(recipient), kNow).check, InviteCheck::valid);
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.verifications(), 2U);
}

TEST(InviteCache, NamesAnInviteAlikeInEveryCacheOfTheRelayAndInNoOtherRelay) {
  const TestKey recipient(1);
  const auto raw = make_invite(recipient);
  InviteCache here(kHash, 10);
  InviteCache there(kHash, 10);
  InviteCache elsewhere(KeyedHash({9}), 10);
  const std::uint64_t key = here.check(recipient.address(), raw, kNow).key;
  EXPECT_EQ(there.check(recipient.address(), raw, kNow).key, key);
  EXPECT_NE(elsewhere.check(recipient.address(), raw, kNow).key, key);
}

TEST(InviteCache, GivesEveryInviteAndRecipientAKeyOfItsOwn) {
  InviteCache cache(kHash, 100);
  std::set<std::uint64_t> keys;
  for (std::uint32_t i = 0; i < 20; ++i) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      const TestKey recipient(seed);
      keys.insert(cache.check(recipient.address(), numbered(recipient, i), kNow).key);
    }
  }
  EXPECT_EQ(keys.size(), 40U);
}

}  // namespace
}  // namespace lethe::identity
