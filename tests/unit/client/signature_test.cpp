#include <gtest/gtest.h>
#include <lethe/client/sealed.hpp>
#include <sodium.h>

#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;

namespace {
constexpr std::size_t plain_size = 208;

// Opens alice's box, lets `change` at the plaintext, and closes it again, as anyone can.
template <class Change>
error_code opened_after(const Bytes& payload, Change change) {
  Bytes secret(64), box_secret(32), box_public(32), plain(plain_size), sealed(256);
  const auto seed = alice().seed();
  const auto address = alice().address();
  crypto_sign_seed_keypair(box_public.data(), secret.data(), seed.data());
  EXPECT_EQ(crypto_sign_ed25519_sk_to_curve25519(box_secret.data(), secret.data()), 0);
  EXPECT_EQ(crypto_sign_ed25519_pk_to_curve25519(box_public.data(), address.bytes.data()), 0);
  EXPECT_EQ(crypto_box_seal_open(plain.data(), payload.data(), payload.size(), box_public.data(), box_secret.data()), 0);
  change(plain);
  crypto_box_seal(sealed.data(), plain.data(), plain.size(), box_public.data());
  const auto part = open_sealed(sealed, alice());
  return part ? error_code() : part.error();
}

Bytes signed_by_bob() {
  Part part;
  part.bytes = bytes_of("hello");
  part.total = part.bytes.size();
  part.hash = hash_content(part.bytes);
  const auto key = bob();
  return seal(part, alice().address(), &key).value();
}
}  // namespace

TEST(SealedSignature, CoversEveryByteButThePadding) {
  EXPECT_FALSE(opened_after(signed_by_bob(), [](Bytes&) {}));
  // Transfer, hash, sender, signature, the text: each byte that says no other thing.
  for (const std::size_t at : {4u, 19u, 44u, 75u, 81u, 112u, 175u, 176u, 180u}) {
    EXPECT_EQ(opened_after(signed_by_bob(), [at](Bytes& plain) { plain[at] ^= 1; }), Error::bad_signature) << at;
  }
}

TEST(SealedSignature, CannotBeTakenToAnotherRecipient) {
  Part part;
  const auto key = bob();
  const auto for_carol = Identity::from_seed(counting(32, 0x40)).value();
  const auto payload = seal(part, for_carol.address(), &key).value();
  const auto opened = open_sealed(payload, for_carol).value();
  ASSERT_EQ(opened.sender, bob().address());
  // Carol forwards bob's signed plaintext to alice.
  const auto for_alice = seal(part, alice().address(), nullptr).value();
  Bytes signature(64);
  const auto address = for_carol.address();
  Bytes text = bytes_of("lethe/v1/sealed");
  text.push_back(0);
  text.insert(text.end(), address.bytes.begin(), address.bytes.end());
  EXPECT_EQ(opened_after(for_alice,
                         [&](Bytes& plain) {
                           plain[2] = 1;
                           const auto bobs = bob().address();
                           std::copy(bobs.bytes.begin(), bobs.bytes.end(), plain.begin() + 80);
                           text.insert(text.end(), plain.begin(), plain.begin() + 112);
                           const auto signed_for_carol = bob().sign(text);
                           std::copy(signed_for_carol.bytes.begin(), signed_for_carol.bytes.end(), plain.begin() + 112);
                         }),
            Error::bad_signature);
}

TEST(SealedPadding, IsZero) {
  EXPECT_EQ(opened_after(signed_by_bob(), [](Bytes& plain) { plain[207] = 1; }), Error::bad_contents);
}

TEST(SealedHeader, OfAnotherVersionIsRefused) {
  EXPECT_EQ(opened_after(signed_by_bob(), [](Bytes& plain) { plain[0] = 2; }), Error::bad_contents);
  EXPECT_EQ(opened_after(signed_by_bob(), [](Bytes& plain) { plain[2] |= 2; }), Error::bad_contents);
  EXPECT_EQ(opened_after(signed_by_bob(), [](Bytes& plain) { plain[76] = 1; }), Error::bad_contents);
}

}  // namespace lethe::client
