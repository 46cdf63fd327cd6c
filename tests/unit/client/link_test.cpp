#include <gtest/gtest.h>
#include <lethe/client/link.hpp>

#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;

namespace {
const std::string address = "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg";

Link full_link() {
  Link link;
  link.relay = {"relay.example", 7443};
  link.address = alice().address();
  link.invite = mint_invite(alice(), {});
  link.pin = fixed<Fingerprint>(1);
  link.relay_name = "other.example";
  return link;
}
}  // namespace

TEST(Link, LooksAsItIsDocumented) {
  auto link = full_link();
  link.invite.reset();
  link.pin.reset();
  link.relay_name.clear();
  EXPECT_EQ(format_link(link), "lethe://relay.example:7443/" + address);
  link.pin = fixed<Fingerprint>(0);
  EXPECT_EQ(format_link(link), "lethe://relay.example:7443/" + address + "?pin=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
}

TEST(Link, ReadsBackAllOfItsFields) {
  const auto wanted = full_link();
  const auto link = parse_link(format_link(wanted)).value();
  EXPECT_EQ(link.relay, wanted.relay);
  EXPECT_EQ(link.address, wanted.address);
  EXPECT_EQ(link.invite, wanted.invite);
  EXPECT_EQ(link.pin, wanted.pin);
  EXPECT_EQ(link.relay_name, wanted.relay_name);
}

TEST(Link, PutsAnIpv6AddressInBrackets) {
  auto wanted = full_link();
  wanted.relay = {"::1", 80};
  EXPECT_TRUE(format_link(wanted).starts_with("lethe://[::1]:80/"));
  EXPECT_EQ(parse_link(format_link(wanted)).value().relay, wanted.relay);
}

TEST(Link, HasPort443IfItNamesNone) {
  EXPECT_EQ(parse_link("lethe://relay.example/" + address).value().relay.port, 443);
}

TEST(Link, IgnoresParametersOfLaterVersions) {
  EXPECT_TRUE(parse_link("lethe://relay.example/" + address + "?new=1&pin=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"));
}

TEST(Link, IsRefusedWhenAPartIsWrong) {
  for (const std::string& text : {std::string(""), "https://relay.example/" + address, "lethe://relay.example/" + address.substr(1),
                                  "lethe://relay.example:0/" + address, "lethe://relay.example:70000/" + address,
                                  "lethe://relay.example:x/" + address, "lethe:///" + address, "lethe://a b/" + address,
                                  "lethe://[::1/" + address, "lethe://relay.example/" + address + "#AAAA",
                                  "lethe://relay.example/" + address + "?pin=AAAA"}) {
    EXPECT_EQ(parse_link(text).error(), Error::bad_link) << text;
  }
}

TEST(Link, GivesItsRelayToWhoAsksForNoMore) {
  const auto relay = parse_relay(format_link(full_link())).value();
  EXPECT_EQ(relay.relay, full_link().relay);
  EXPECT_EQ(relay.pin, full_link().pin);
  EXPECT_EQ(parse_relay("localhost:1").value().relay, (Endpoint{"localhost", 1}));
}

TEST(Fingerprint, IsReadAsHexWithAndWithoutColonsAndAsBase64url) {
  const auto wanted = fixed<Fingerprint>(0);
  EXPECT_EQ(parse_fingerprint(hex(wanted.bytes)).value(), wanted);
  EXPECT_EQ(parse_fingerprint("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").value(), wanted);
  EXPECT_EQ(parse_fingerprint("00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F").value(), wanted);
  EXPECT_FALSE(parse_fingerprint("0011"));
}

}  // namespace lethe::client
