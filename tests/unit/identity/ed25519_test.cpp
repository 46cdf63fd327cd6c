#include "identity/ed25519.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "support/keys.hpp"

namespace lethe::identity {
namespace {

using test::TestKey;

template <class Id>
Id from_hex(std::string_view hex) {
  Id id;
  for (std::size_t i = 0; i < Id::size; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(std::stoul(std::string(hex.substr(2 * i, 2)), nullptr, 16));
  }
  return id;
}

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool openssl_alone_accepts(const Address& key, std::span<const std::uint8_t> message, const Signature& signature) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> point(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()), EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, point.get());
  const int result =
      EVP_DigestVerify(context.get(), signature.bytes.data(), signature.bytes.size(), message.data(), message.size());
  ERR_clear_error();
  return result == 1;
}

// The y coordinates of the points whose order divides 8, then their spellings of p and more.
constexpr std::array<std::string_view, 7> kSmallOrder{
    "0100000000000000000000000000000000000000000000000000000000000000",   // order 1
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",   // order 2
    "0000000000000000000000000000000000000000000000000000000000000000",   // order 4
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",   // order 8
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",   // order 8
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",   // p: order 4 again
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",   // p + 1: order 1 again
};

TEST(Ed25519, AcceptsTheVectorsOfRfc8032) {
  const auto first = from_hex<Address>("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_TRUE(verify(first, {},
                     from_hex<Signature>("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e397"
                                         "01cf9b46bd25bf5f0595bbe24655141438e7a100b")));
  const auto second = from_hex<Address>("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::array<std::uint8_t, 1> message{0x72};
  EXPECT_TRUE(verify(second, message,
                     from_hex<Signature>("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f361"
                                         "3d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")));
  EXPECT_FALSE(verify(first, message, Signature{}));
}

TEST(Ed25519, AcceptsOrdinaryKeys) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) EXPECT_TRUE(acceptable_key(TestKey(seed).address())) << seed;
}

TEST(Ed25519, RefusesEveryPointOfSmallOrderWithEitherSign) {
  for (const std::string_view hex : kSmallOrder) {
    Address key = from_hex<Address>(hex);
    EXPECT_FALSE(acceptable_key(key)) << hex;
    key.bytes.back() |= 0x80;
    EXPECT_FALSE(acceptable_key(key)) << hex << " with the sign bit";
  }
}

TEST(Ed25519, RefusesEveryCoordinateOfPOrMore) {
  for (unsigned low = 0xed; low <= 0xff; ++low) {
    for (const std::uint8_t high : {std::uint8_t{0x7f}, std::uint8_t{0xff}}) {
      Address key = from_hex<Address>("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
      key.bytes.front() = static_cast<std::uint8_t>(low);
      key.bytes.back() = high;
      EXPECT_FALSE(acceptable_key(key)) << low;
    }
  }
}

TEST(Ed25519, AcceptsTheLargestCoordinateBelowPThatIsNotOfSmallOrder) {
  EXPECT_TRUE(acceptable_key(from_hex<Address>("ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")));
}

TEST(Ed25519, RefusesTheSignatureThatFitsAnyMessageUnderTheIdentityKey) {
  Address identity_key;
  identity_key.bytes[0] = 1;
  Signature forged;   // R is the identity, S is zero
  forged.bytes[0] = 1;
  ASSERT_TRUE(openssl_alone_accepts(identity_key, bytes("anything"), forged)) << "OpenSSL refuses it by itself now";
  EXPECT_FALSE(verify(identity_key, bytes("anything"), forged));
}

TEST(Ed25519, RefusesAnotherMessageKeyOrSignature) {
  const TestKey device(1);
  const Signature signature = device.sign(bytes("message"));
  EXPECT_TRUE(verify(device.address(), bytes("message"), signature));
  EXPECT_FALSE(verify(device.address(), bytes("messagf"), signature));
  EXPECT_FALSE(verify(device.address(), bytes("message "), signature));
  EXPECT_FALSE(verify(TestKey(2).address(), bytes("message"), signature));
  for (std::size_t bit = 0; bit < 8 * Signature::size; ++bit) {
    Signature altered = signature;
    altered.bytes[bit / 8] = static_cast<std::uint8_t>(altered.bytes[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(verify(device.address(), bytes("message"), altered)) << "bit " << bit;
  }
}

TEST(Ed25519, RefusesASignatureMovedByTheGroupOrder) {
  constexpr std::array<std::uint8_t, 32> order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                               0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                               0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  const TestKey device(1);
  Signature moved = device.sign(bytes("message"));
  unsigned carry = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    carry += moved.bytes[32 + i] + static_cast<unsigned>(order[i]);
    moved.bytes[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0U);
  EXPECT_FALSE(verify(device.address(), bytes("message"), moved));
}

TEST(Ed25519, RefusesAnEncodingOfRThatIsNotCanonical) {
  // A signature whose R is the identity needs S = k·a, which only the holder of the key could make; the spelling of R
  // alone is what this test changes, under a key where S = 0 fits.
  Address identity_key;
  identity_key.bytes[0] = 1;
  Signature forged;
  forged.bytes = {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
  EXPECT_FALSE(openssl_alone_accepts(identity_key, bytes("anything"), forged));
  EXPECT_FALSE(verify(identity_key, bytes("anything"), forged));
}

TEST(Ed25519, RefusesBytesThatAreNotOnTheCurve) {
  Address off_curve;
  off_curve.bytes[0] = 2;
  EXPECT_TRUE(acceptable_key(off_curve));
  EXPECT_FALSE(verify(off_curve, bytes("message"), TestKey(1).sign(bytes("message"))));
}

TEST(Ed25519, LeavesTheErrorQueueAsItWas) {
  ERR_clear_error();
  Address off_curve;
  off_curve.bytes[0] = 2;
  EXPECT_FALSE(verify(off_curve, bytes("message"), Signature{}));
  EXPECT_FALSE(verify(TestKey(1).address(), bytes("message"), Signature{}));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace lethe::identity
