#include <gtest/gtest.h>
#include <lethe/client/invite.hpp>

#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;

namespace {
InviteTerms terms() {
  InviteTerms terms;
  terms.anonymous = true;
  terms.generation = 7;
  terms.expires = 1'893'456'000;
  terms.max_ttl = 86'400;
  terms.rate = 60;
  terms.label = fixed<InviteLabel>(0xA0);
  return terms;
}
}  // namespace

TEST(Invite, HasTheBytesOfTheProtocol) {
  EXPECT_EQ(hex(mint_invite(alice(), terms())),
            "01" "01" "00000007" "0000000070dbd880" "00015180" "003c" "a0a1a2a3a4a5a6a7"
            "f1fcfe82e114b89ea4b7da90ccd0bbea84f4408846ab7bba87b082b5a431faee"
            "01a3d4939d9f42ce4a39c4a393d63eab65caf159f5c2d61b029cc68681a2f20d");
}

TEST(Invite, ReadsBackTheTermsThatItWasMintedWith) {
  auto wanted = terms();
  wanted.anonymous = false;
  wanted.this_epoch_only = true;
  EXPECT_EQ(read_invite(mint_invite(alice(), wanted)).value(), wanted);
}

TEST(Invite, IsSignedByItsMailbox) {
  auto invite = mint_invite(alice(), terms());
  EXPECT_TRUE(invite_is_signed_by(alice().address(), invite));
  EXPECT_FALSE(invite_is_signed_by(bob().address(), invite));
  invite[5] ^= 1;
  EXPECT_FALSE(invite_is_signed_by(alice().address(), invite));
}

TEST(Invite, IsRefusedWithAnotherLengthVersionOrFlag) {
  const auto good = mint_invite(alice(), terms());
  EXPECT_EQ(read_invite(ByteView(good).first(91)).error(), Error::bad_invite);
  auto version = good, flag = good;
  version[0] = 2;
  flag[1] = 4;
  EXPECT_EQ(read_invite(version).error(), Error::bad_invite);
  EXPECT_EQ(read_invite(flag).error(), Error::bad_invite);
}

}  // namespace lethe::client
