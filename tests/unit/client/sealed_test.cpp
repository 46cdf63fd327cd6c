#include <set>

#include <gtest/gtest.h>
#include <lethe/client/sealed.hpp>

#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;

namespace {
// docs/sealed-format.md: the text «hello» from bob to alice, transfer 10…1f, made by another program.
constexpr std::string_view vector =
    "fbb6dccefef5e63dd9ca79fbe64d64c14fd9b0801590e44b226a91f37aa5f62866b9a4257a30cdb87c4d691c1a092ae1"
    "e606cbbf0862994094c499886b7c29b85afe56b9ffe6658f48c2d1031ebe891ff20e7cd60ea730552c1714b6e94b8e82"
    "1043086a1acb1074a1f2a19ee0f2598a80bb8571840fe86836f0a8d5850a58896bcb1e668e69a7e8e29c59593bb5c057"
    "441614be2bb91877232c50fc5676e5970c71cb5fac7ce4f2ddf57535f8a875ef56e5c1f44e603ba7c60fb7ca1d2ebf89"
    "11114e1d6dc0ede1ebed5281afb177e6d0da893667cd03155ef3b6a4680d3783191ba863bea5fbf79ced122be5f245b6"
    "f2c58c61198887c9f51295d216ae19b2";

Part text_part(std::size_t size) {
  Part part;
  part.transfer = fixed<TransferId>(0x10);
  part.bytes = counting(size, 'a');
  part.total = size;
  part.hash = hash_content(part.bytes);
  return part;
}
}  // namespace

TEST(Sealed, OpensTheDocumentedVector) {
  const auto part = open_sealed(unhex(vector), alice()).value();
  EXPECT_EQ(part.kind, Kind::text);
  EXPECT_EQ(part.transfer, fixed<TransferId>(0x10));
  EXPECT_EQ(part.index, 0u);
  EXPECT_EQ(part.count, 1u);
  EXPECT_EQ(part.total, 5u);
  EXPECT_EQ(as_text(part.bytes), "hello");
  EXPECT_EQ(hex(part.hash.bytes), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  EXPECT_EQ(part.sender, bob().address());
}

TEST(Sealed, GivesBackEveryFieldOfAFilePart) {
  auto wanted = text_part(300);
  wanted.kind = Kind::file;
  wanted.index = 2;
  wanted.count = 4;
  wanted.offset = 600;
  wanted.total = 1'000;
  wanted.name = "über.pdf";
  const auto alice_key = alice();
  const auto part = open_sealed(seal(wanted, bob().address(), &alice_key).value(), bob()).value();
  EXPECT_EQ(part.kind, Kind::file);
  EXPECT_EQ(part.index, 2u);
  EXPECT_EQ(part.count, 4u);
  EXPECT_EQ(part.offset, 600u);
  EXPECT_EQ(part.total, 1'000u);
  EXPECT_EQ(part.name, wanted.name);
  EXPECT_EQ(part.bytes, wanted.bytes);
  EXPECT_EQ(part.hash, wanted.hash);
  EXPECT_EQ(part.sender, alice().address());
}

TEST(Sealed, HasOneOfFiveLengths) {
  std::set<std::size_t> sizes;
  for (const std::size_t size : {0, 1, 32, 33, 800, 801, 3'872, 3'873, 16'160, 16'161, 65'312}) {
    sizes.insert(seal(text_part(size), alice().address(), nullptr).value().size());
  }
  EXPECT_EQ(sizes, (std::set<std::size_t>(sealed_sizes.begin(), sealed_sizes.end())));
  EXPECT_EQ(seal(text_part(32), alice().address(), nullptr).value().size(), 256u);
  EXPECT_EQ(seal(text_part(33), alice().address(), nullptr).value().size(), 1'024u);
}

TEST(Sealed, RespectsTheRelaysLimit) {
  EXPECT_EQ(part_capacity(65'536, 0), 65'312u);
  EXPECT_EQ(part_capacity(65'535, 10), 16'384u - 48 - 176 - 10);
  EXPECT_EQ(part_capacity(255, 0), 0u);
  EXPECT_EQ(seal(text_part(65'313), alice().address(), nullptr).error(), Error::too_large);
  EXPECT_EQ(seal(text_part(1'000), alice().address(), nullptr, 1'024).error(), Error::too_large);
}

TEST(Sealed, OpensForItsRecipientOnly) {
  auto payload = seal(text_part(5), alice().address(), nullptr).value();
  EXPECT_EQ(open_sealed(payload, bob()).error(), Error::not_sealed_for_us);
  payload[100] ^= 1;
  EXPECT_EQ(open_sealed(payload, alice()).error(), Error::not_sealed_for_us);
  EXPECT_EQ(open_sealed(counting(255), alice()).error(), Error::not_sealed_for_us);
}

TEST(Sealed, NamesNoSenderWhoDidNotSign) {
  EXPECT_EQ(open_sealed(seal(text_part(5), alice().address(), nullptr).value(), alice()).value().sender, std::nullopt);
}

TEST(Sealed, IsDifferentEachTime) {
  EXPECT_NE(seal(text_part(5), alice().address(), nullptr).value(), seal(text_part(5), alice().address(), nullptr).value());
}

TEST(Sealed, IsRefusedWhenItsNumbersContradictEachOther) {
  const auto broken = [](auto change) {
    auto part = text_part(5);
    change(part);
    return open_sealed(seal(part, alice().address(), nullptr).value(), alice()).error();
  };
  EXPECT_EQ(broken([](Part& part) { part.index = 1; }), Error::bad_contents);
  EXPECT_EQ(broken([](Part& part) { part.count = 0; }), Error::bad_contents);
  EXPECT_EQ(broken([](Part& part) { part.count = 2; }), Error::bad_contents) << "a text is one part";
  EXPECT_EQ(broken([](Part& part) { part.offset = 1; }), Error::bad_contents);
  EXPECT_EQ(broken([](Part& part) { part.total = 6; }), Error::bad_contents);
  EXPECT_EQ(broken([](Part& part) { part.offset = ~std::uint64_t{0}; part.total = ~std::uint64_t{0}; }), Error::bad_contents);
  EXPECT_EQ(broken([](Part& part) { part.kind = static_cast<Kind>(3); }), Error::bad_contents);
}

TEST(Sealed, TakesNoAddressOfSmallOrder) {
  Address identity_point;
  identity_point.bytes[0] = 1;
  EXPECT_EQ(seal(text_part(5), identity_point, nullptr).error(), Error::bad_key);
}

}  // namespace lethe::client
