#include "identity/invite.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "identity/errors.hpp"
#include "support/keys.hpp"

namespace lethe::identity {
namespace {

using test::make_invite;
using test::TestKey;

TEST(Invite, IsReadFieldByField) {
  const TestKey recipient(1);
  const auto raw = make_invite(recipient, {.flags = 3,
                                           .generation = 0x01020304,
                                           .expires = 0x1112131415161718,
                                           .max_ttl = 0x21222324,
                                           .rate = 0x3132,
                                           .label = {9, 8, 7, 6, 5, 4, 3, 2}});
  const Result<Invite> invite = parse_invite(raw);
  ASSERT_TRUE(invite);
  EXPECT_TRUE(invite->anonymous());
  EXPECT_TRUE(invite->this_epoch_only());
  EXPECT_EQ(invite->generation, 0x01020304U);
  EXPECT_EQ(invite->expires, 0x1112131415161718U);
  EXPECT_EQ(invite->max_ttl, 0x21222324U);
  EXPECT_EQ(invite->rate, 0x3132U);
  EXPECT_EQ(invite->label.bytes, (std::array<std::uint8_t, 8>{9, 8, 7, 6, 5, 4, 3, 2}));
}

TEST(Invite, TellsItsFlagsApart) {
  const TestKey recipient(1);
  const auto anonymous = parse_invite(make_invite(recipient, {.flags = 1}));
  EXPECT_TRUE(anonymous->anonymous() && !anonymous->this_epoch_only());
  const auto this_epoch = parse_invite(make_invite(recipient, {.flags = 2}));
  EXPECT_TRUE(!this_epoch->anonymous() && this_epoch->this_epoch_only());
}

TEST(Invite, OfAnyOtherLengthIsRefused) {
  const auto raw = make_invite(TestKey(1));
  std::vector<std::uint8_t> longer(raw.begin(), raw.end());
  longer.push_back(0);
  for (std::size_t size = 0; size <= longer.size(); ++size) {
    if (size == kInviteSize) continue;
    const Result<Invite> invite = parse_invite(std::span(longer).first(size));
    ASSERT_FALSE(invite) << size;
    EXPECT_EQ(invite.error(), IdentityError::invite_length);
  }
}

TEST(Invite, OfAnotherVersionIsRefused) {
  for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{255}}) {
    EXPECT_EQ(parse_invite(make_invite(TestKey(1), {.version = version})).error(), IdentityError::invite_version);
  }
}

TEST(Invite, WithAnUnknownFlagIsRefused) {
  for (int bit = 2; bit < 8; ++bit) {
    const auto raw = make_invite(TestKey(1), {.flags = static_cast<std::uint8_t>(1 << bit)});
    EXPECT_EQ(parse_invite(raw).error(), IdentityError::invite_flags) << bit;
  }
}

TEST(Invite, IsVerifiedUnderItsRecipientOnly) {
  const TestKey recipient(1);
  const auto raw = make_invite(recipient);
  EXPECT_TRUE(verify_invite(raw, recipient.address()));
  EXPECT_FALSE(verify_invite(raw, TestKey(2).address()));
}

TEST(Invite, WithAnyBitAlteredIsNotVerified) {
  const TestKey recipient(1);
  const auto raw = make_invite(recipient);
  for (std::size_t bit = 0; bit < 8 * kInviteSize; ++bit) {
    auto altered = raw;
    altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(verify_invite(altered, recipient.address())) << "bit " << bit;
  }
}

TEST(Invite, SignsItsContextSoThatNoOtherSignatureStandsInForIt) {
  const TestKey recipient(1);
  auto raw = make_invite(recipient);
  const Signature bare = recipient.sign(std::span(raw).first<kInviteClaimsSize>());
  std::copy(bare.bytes.begin(), bare.bytes.end(), raw.begin() + kInviteClaimsSize);
  EXPECT_FALSE(verify_invite(raw, recipient.address()));
}

TEST(Invite, ExpiresWhenItsSecondBegins) {
  Invite invite;
  invite.expires = 1'000;
  EXPECT_FALSE(invite.expired(Wall(milliseconds(999'999))));
  EXPECT_TRUE(invite.expired(Wall(milliseconds(1'000'000))));
  EXPECT_TRUE(invite.expired(Wall(milliseconds(1'000'001))));
}

TEST(Invite, WithAnExtremeExpiryDoesNotOverflow) {
  Invite invite;
  invite.expires = ~std::uint64_t{0};
  EXPECT_FALSE(invite.expired(Wall::max()));
  invite.expires = 0;
  EXPECT_TRUE(invite.expired(Wall(milliseconds(0))));
  EXPECT_FALSE(invite.expired(Wall(milliseconds(-1))));
}

}  // namespace
}  // namespace lethe::identity
