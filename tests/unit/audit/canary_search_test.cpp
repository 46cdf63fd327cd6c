#include "audit/canary/search.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace lethe::audit {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes random_bytes(std::size_t size, std::uint8_t seed = 1) {
  const std::array<std::uint8_t, randombytes_SEEDBYTES> key{seed};
  Bytes bytes(size);
  randombytes_buf_deterministic(bytes.data(), size, key.data());
  return bytes;
}

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// The forms as other programs write them.
Bytes base64(const Bytes& bytes, int variant) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
  text.pop_back();
  return bytes_of(text);
}

Bytes standard(const Bytes& bytes) { return base64(bytes, sodium_base64_VARIANT_ORIGINAL); }
Bytes url(const Bytes& bytes) { return base64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }

Bytes hex(const Bytes& bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return bytes_of(text);
}

Bytes upper(Bytes text) {
  std::ranges::transform(text, text.begin(), [](std::uint8_t c) { return c >= 'a' && c <= 'f' ? c - 32 : c; });
  return text;
}

// As a JSON library escapes a string of these characters (ISO 8859-1, given in UTF-8).
Bytes json(const Bytes& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (byte < 0x80) {
      text += static_cast<char>(byte);
    } else {
      text += {static_cast<char>(0xc0 | byte >> 6), static_cast<char>(0x80 | (byte & 0x3f))};
    }
  }
  return bytes_of(nlohmann::json(text).dump(-1, ' ', true));
}

Bytes percent(const Bytes& bytes) {
  std::string text;
  char one[4];
  for (const std::uint8_t byte : bytes) {
    (void)std::snprintf(one, sizeof one, "%%%02X", byte);
    text += one;
  }
  return bytes_of(text);
}

Bytes utf16_little(const Bytes& bytes) {
  Bytes wide;
  for (const std::uint8_t byte : bytes) wide.insert(wide.end(), {byte, 0});
  return wide;
}

Bytes utf16_big(const Bytes& bytes) {
  Bytes wide;
  for (const std::uint8_t byte : bytes) wide.insert(wide.end(), {0, byte});
  return wide;
}

Bytes reversed(Bytes bytes) {
  std::ranges::reverse(bytes);
  return bytes;
}

Bytes masked(Bytes bytes, const Canaries& canaries, std::size_t rotation) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= canaries.mask()[(i + rotation) % 4];
  return bytes;
}

// `what` among random bytes.
Bytes hidden(const Bytes& what, std::size_t at = 1'000) {
  Bytes bytes = random_bytes(at + what.size() + 1'000);
  std::ranges::copy(what, bytes.begin() + static_cast<std::ptrdiff_t>(at));
  return bytes;
}

// A form of the test, and how the search calls it.
struct Written {
  const char* name;
  Form form;
  std::function<Bytes(const Bytes&, const Canaries&)> write;
};

std::vector<Written> all_forms() {
  std::vector<Written> all = {
      {"raw", Form::raw, [](const Bytes& b, const Canaries&) { return b; }},
      {"base64", Form::base64, [](const Bytes& b, const Canaries&) { return standard(b); }},
      {"base64url", Form::base64url, [](const Bytes& b, const Canaries&) { return url(b); }},
      {"hex", Form::hexadecimal, [](const Bytes& b, const Canaries&) { return hex(b); }},
      {"HEX", Form::hexadecimal, [](const Bytes& b, const Canaries&) { return upper(hex(b)); }},
      {"percent", Form::percent, [](const Bytes& b, const Canaries&) { return percent(b); }},
      {"UTF-16LE", Form::utf16, [](const Bytes& b, const Canaries&) { return utf16_little(b); }},
      {"UTF-16BE", Form::utf16, [](const Bytes& b, const Canaries&) { return utf16_big(b); }},
      {"reversed", Form::reversed, [](const Bytes& b, const Canaries&) { return reversed(b); }},
  };
  for (std::size_t r = 0; r < 4; ++r) {
    all.push_back({"masked", Form::masked, [r](const Bytes& b, const Canaries& c) { return masked(b, c, r); }});
    all.push_back({"masked base64url", Form::masked, [r](const Bytes& b, const Canaries& c) { return masked(url(b), c, r); }});
  }
  return all;
}

// Which blocks were found, in order of the offsets; each must be in the form.
std::vector<std::uint32_t> blocks_in(const Search& search, const Bytes& bytes, Form form) {
  std::vector<std::uint32_t> blocks;
  for (const Hit& hit : search.find(bytes)) {
    // Without «+», «/», «-» and «_» the two alphabets write alike.
    const bool alike = form == Form::base64 && hit.form == Form::base64url;
    EXPECT_TRUE(hit.form == form || alike) << name(hit.form);
    EXPECT_EQ(hit.secret, Secret::payload);
    blocks.push_back(hit.block.value_or(9'999));
  }
  return blocks;
}

TEST(Search, FindsEveryBlockOfAPayloadInEveryFormAndAlignment) {
  Canaries canaries{1, 1};
  (void)canaries.payload(160);
  const Bytes payload = canaries.payload(96);   // its blocks: 10 … 15
  const Search search{canaries};
  for (const Written& written : all_forms()) {
    for (std::size_t shift = 0; shift < 6; ++shift) {
      Bytes shifted = random_bytes(shift, 9);
      shifted.insert(shifted.end(), payload.begin(), payload.end());
      std::vector<std::uint32_t> expected{10, 11, 12, 13, 14, 15};
      if (written.form == Form::reversed) std::ranges::reverse(expected);
      EXPECT_EQ(blocks_in(search, hidden(written.write(shifted, canaries), 1'000 + shift), written.form), expected)
          << written.name << " after " << shift;
    }
  }
}

TEST(Search, FindsEveryBlockThatALibraryHasEscaped) {
  Canaries canaries{1, 1};
  const Bytes payload = canaries.payload(64);
  const std::vector<Hit> hits = Search{canaries}.find(hidden(json(payload)));
  ASSERT_EQ(hits.size(), 4U);
  for (const Hit& hit : hits) EXPECT_EQ(hit.form, Form::json_escaped);
}

TEST(Search, FindsSmallPayloadsAndMetadataInEveryForm) {
  struct Kind {
    Secret secret;
    std::size_t size;
    std::size_t hits;
  };
  for (const Kind& kind : {Kind{Secret::payload, 6, 1}, Kind{Secret::payload, 15, 1}, Kind{Secret::message_id, 16, 2},
                           Kind{Secret::address, 32, 4}, Kind{Secret::invite, 92, 12}, Kind{Secret::topic, 20, 1},
                           Kind{Secret::user_agent, 40, 1}}) {
    Canaries canaries{1, kind.size};
    const Bytes secret = kind.secret == Secret::payload ? canaries.payload(kind.size) : random_bytes(kind.size, 77);
    if (kind.secret != Secret::payload) canaries.add(kind.secret, secret);
    const Search search{canaries};
    for (const Written& written : all_forms()) {
      const std::vector<Hit> hits = search.find(hidden(written.write(secret, canaries)));
      ASSERT_EQ(hits.size(), kind.hits) << name(kind.secret) << ' ' << written.name;
      EXPECT_EQ(hits[0].secret, kind.secret);
      EXPECT_EQ(hits[0].marker, 1U);
    }
  }
}

TEST(Search, FindsAClientsAddressAsTextMappedAndInASocketAddress) {
  const Bytes four{127, 77, 3, 200};
  Canaries canaries{1, 1};
  canaries.add(Secret::client_address, four);
  const Search search{canaries};
  EXPECT_EQ(search.find(hidden(bytes_of("from 127.77.3.200:4711"))).at(0).form, Form::decimal);
  EXPECT_EQ(search.find(hidden({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 77, 3, 200})).size(), 1U);
  EXPECT_EQ(search.find(hidden({2, 0, 0x12, 0x67, 127, 77, 3, 200, 0, 0, 0, 0, 0, 0, 0, 0})).size(), 1U);
  EXPECT_EQ(search.find(hidden(four)).size(), 0U) << "four bytes alone prove nothing";
}

TEST(Search, FindsAClientsAddressOfVersionSixAsTextAndAsItIs) {
  Canaries canaries{1, 1};
  const Bytes full{0xfd, 0x77, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
  const Bytes sparse{0xfd, 0x77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5};
  canaries.add(Secret::client_address, full);
  canaries.add(Secret::client_address, sparse);
  const Search search{canaries};
  EXPECT_EQ(search.find(hidden(full)).at(0).marker, 1U);
  EXPECT_EQ(search.find(hidden(bytes_of("[fd77:102:304:506:708:90a:b0c:d0e]"))).at(0).marker, 1U);
  EXPECT_EQ(search.find(hidden(bytes_of("[fd77::5]"))).at(0).marker, 2U);
}

TEST(Search, FindsEveryRemnantOfFifteenBytesWhereverItBegins) {
  Canaries canaries{1, 1};
  const Bytes payload = canaries.payload(5 * Blocks::size);
  const Search search{canaries};
  for (std::size_t rotation = 0; rotation < 5; ++rotation) {
    const Bytes text = rotation < 4 ? masked(payload, canaries, rotation) : payload;
    for (std::size_t size = 15; size <= 24; ++size) {
      for (std::size_t from = 16; from < 32; ++from) {
        const auto first = text.begin() + static_cast<std::ptrdiff_t>(from);
        const std::vector<Hit> hits = search.find(hidden(Bytes(first, first + static_cast<std::ptrdiff_t>(size))));
        ASSERT_FALSE(hits.empty()) << size << " bytes from " << from;
        ASSERT_EQ(hits[0].form, rotation < 4 ? Form::masked : Form::raw);
        if (hits[0].block) {
          ASSERT_TRUE(*hits[0].block == 1 || *hits[0].block == 2);
        }
      }
    }
  }
}

TEST(Search, FindsHalfATagOnlyBesideAnIndexThatItsCheckFits) {
  Canaries canaries{1, 1};
  const Bytes payload = canaries.payload(3 * Blocks::size);
  const Search search{canaries};
  Bytes end_of_tag(payload.begin() + 20, payload.begin() + 30);
  EXPECT_EQ(search.find(hidden(end_of_tag)).size(), 1U);
  end_of_tag[8] ^= 1;
  EXPECT_TRUE(search.find(hidden(end_of_tag)).empty());
  Bytes begin_of_tag(payload.begin() + 24, payload.begin() + 36);
  EXPECT_EQ(search.find(hidden(begin_of_tag)).size(), 1U);
  begin_of_tag[4] ^= 1;
  EXPECT_TRUE(search.find(hidden(begin_of_tag)).empty());
}

TEST(Search, NamesBlocksWithLargeIndexes) {
  Canaries canaries{1, 1};
  (void)canaries.payload(70'000 * Blocks::size);
  const Bytes last = canaries.payload(32);
  const Search search{canaries};
  const Bytes remnant(last.begin() + 4, last.begin() + 19);
  EXPECT_EQ(search.find(hidden(last)).at(1).block, 70'001U);
  EXPECT_EQ(search.find(hidden(remnant)).at(0).block, 70'000U);
}

TEST(Search, CountsATagWithoutItsIndex) {
  Canaries canaries{1, 1};
  const Bytes payload = canaries.payload(64);
  const std::vector<Hit> hits = Search{canaries}.find(Bytes(payload.begin(), payload.begin() + 26));
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].block, 0U);
  EXPECT_EQ(hits[1].block, std::nullopt);
}

TEST(Search, FindsNothingInRandomBytes) {
  Canaries canaries{1, 1};
  for (const std::size_t size : {6UL, 7UL, 15UL, 16UL, 24UL, 100UL, 65'536UL}) (void)canaries.payload(size);
  for (int i = 0; i < 20; ++i) {
    Bytes secret(92);
    canaries.fill(secret);
    canaries.add(Secret::invite, secret);
    canaries.add(Secret::message_id, std::span{secret}.first(16));
    canaries.add(Secret::topic, std::span{secret}.subspan(40, 6));
  }
  const Bytes four{127, 77, 3, 200};
  canaries.add(Secret::client_address, four);
  EXPECT_TRUE(Search{canaries}.find(random_bytes(64 << 20)).empty());
}

TEST(Search, StopsAtTheLimit) {
  Canaries canaries{1, 1};
  const Bytes payload = canaries.payload(1'600);
  EXPECT_EQ(Search{canaries}.find(payload, 10).size(), 10U);
  EXPECT_EQ(Search{canaries}.find(payload).size(), 100U);
}

}  // namespace
}  // namespace lethe::audit
