#include "base/base64url.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lethe {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string encoded(const Bytes& bytes) {
  std::string text(base64url::encoded_size(bytes.size()), '?');
  base64url::encode(bytes, text.data());
  return text;
}

std::optional<Bytes> decoded(std::string_view text) {
  Bytes bytes(base64url::decoded_size(text.size()));
  const std::optional<std::size_t> size = base64url::decode(text, bytes);
  if (!size) return std::nullopt;
  bytes.resize(*size);
  return bytes;
}

Bytes raw(std::string_view text) { return Bytes(text.begin(), text.end()); }

TEST(Base64Url, GivesTheVectorsOfRfc4648WithoutPadding) {
  const std::array<std::pair<std::string_view, std::string_view>, 7> vectors{
      {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(encoded(raw(plain)), text);
    EXPECT_EQ(decoded(text), raw(plain)) << text;
  }
}

TEST(Base64Url, UsesMinusAndUnderscore) {
  EXPECT_EQ(encoded({0xfb, 0xff, 0xfe}), "-__-");
  EXPECT_EQ(decoded("-__-"), (Bytes{0xfb, 0xff, 0xfe}));
}

TEST(Base64Url, RoundTripsEveryByteAtEveryPosition) {
  for (std::size_t position = 0; position < 5; ++position) {
    for (unsigned value = 0; value < 256; ++value) {
      Bytes bytes(5, 0xa5);
      bytes[position] = static_cast<std::uint8_t>(value);
      EXPECT_EQ(decoded(encoded(bytes)), bytes) << "byte " << value << " at " << position;
    }
  }
}

TEST(Base64Url, RoundTripsLengthsUpToTheLargestPayload) {
  std::mt19937 random(7);
  for (const std::size_t size : {255UL, 256UL, 257UL, 65'534UL, 65'536UL}) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    const std::string text = encoded(bytes);
    EXPECT_EQ(text.size(), base64url::encoded_size(size));
    EXPECT_EQ(base64url::decoded_size(text.size()), size);
    EXPECT_EQ(decoded(text), bytes);
  }
}

TEST(Base64Url, RefusesEveryCharacterOutsideItsAlphabetAtEveryPosition) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const std::string_view valid : {"AAAA", "AAAAAAA", "AAAAAA"}) {
    for (std::size_t position = 0; position < valid.size(); ++position) {
      for (int value = 0; value < 256; ++value) {
        const char character = static_cast<char>(value);
        if (alphabet.find(character) != std::string_view::npos) continue;
        std::string text(valid);
        text[position] = character;
        EXPECT_FALSE(decoded(text)) << "character " << value << " at " << position << " of " << valid.size();
      }
    }
  }
}

TEST(Base64Url, RefusesPaddingAndWhiteSpace) {
  for (const std::string_view text : {"Zg==", "Zm8=", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v====", "Zg=", "="}) {
    EXPECT_FALSE(decoded(text)) << text;
  }
}

TEST(Base64Url, RefusesImpossibleLengths) {
  for (const std::string_view text : {"A", "AAAAA", "AAAAAAAAA"}) EXPECT_FALSE(decoded(text)) << text;
}

TEST(Base64Url, RefusesBitsBehindTheLastByte) {
  EXPECT_EQ(decoded("AA"), (Bytes{0}));
  EXPECT_EQ(decoded("AQ"), (Bytes{1}));
  for (const std::string_view text : {"AB", "AC", "AE", "AI", "AP"}) EXPECT_FALSE(decoded(text)) << text;
  EXPECT_EQ(decoded("AAA"), (Bytes{0, 0}));
  EXPECT_EQ(decoded("AAE"), (Bytes{0, 1}));
  for (const std::string_view text : {"AAB", "AAC", "AAD"}) EXPECT_FALSE(decoded(text)) << text;
}

TEST(Base64Url, RefusesAnOutputThatIsTooSmallAndLeavesWhatLiesBehindTheResult) {
  std::array<std::uint8_t, 4> out{9, 9, 9, 9};
  EXPECT_FALSE(base64url::decode("Zm9v", std::span(out).first(2)));
  EXPECT_EQ(out, (std::array<std::uint8_t, 4>{9, 9, 9, 9}));
  EXPECT_EQ(base64url::decode("Zm9v", out), 3U);
  EXPECT_EQ(out, (std::array<std::uint8_t, 4>{'f', 'o', 'o', 9}));
}

}  // namespace
}  // namespace lethe
