#include <gtest/gtest.h>

#include <string>

#include "wire/text_scan.hpp"
#include "wire/utf8.hpp"

namespace lethe::wire {
namespace {

// What the parser is given of `text`.
std::string around(std::string text) {
  const TextScan scan = scan_text(text, {});
  std::string seen;
  const AroundPayload end{text.data() + text.size(), scan.payload};
  for (AroundPayload at{text.data(), scan.payload}; !(at == end); ++at) seen += *at;
  return seen;
}

TEST(TextScan, HidesThePayloadFromTheParser) {
  EXPECT_EQ(around(R"({"payload":"AAAA"})"), R"({"payload":""})");
  EXPECT_EQ(around("{\"a\":1,\t\"payload\" \r\n: \"AAAA\" , \"b\":2}"), "{\"a\":1,\t\"payload\" \r\n: \"\" , \"b\":2}");
  EXPECT_EQ(around(R"({"p\u0061yload":"AAAA"})"), R"({"p\u0061yload":""})");
  EXPECT_EQ(around(R"({"payload":""})"), R"({"payload":""})");
  EXPECT_EQ(around(R"({"payload":"not \" base64"})"), R"({"payload":""})");
}

TEST(TextScan, HidesNothingElse) {
  for (const char* const text : {R"({"payloads":"AAAA"})", R"({"payloa":"AAAA"})", R"({"x":{"payload":"AAAA"}})",
      R"(["payload","AAAA"])",
                                 R"({"x":"payload","y":"AAAA"})", R"({"payload":1,"x":"AAAA"})", R"({"\\payload":"AAAA"})",
                                 R"({"\u0170ayload":"AAAA"})", R"({"\u00zzayload":"AAAA"})", R"({"x\"payload":"AAAA"})"}) {
    EXPECT_EQ(around(text), text);
  }
}

TEST(TextScan, FindsTheEndOfAStringBehindEscapes) {
  std::string text = R"({"a\\":"\\\"","payload":"AA\\","b":1})";
  const TextScan scan = scan_text(text, {});
  EXPECT_EQ(std::string(scan.payload.begin(), scan.payload.end()), R"(AA\\)");
  EXPECT_FALSE(scan.payload_is_base64url);
  EXPECT_EQ(scan.verdict, TextScan::Verdict::fine);
}

TEST(TextScan, ReadsLettersThatAreEscaped) {
  const struct {
    const char* payload;
    const char* letters;
    bool base64url;
  } cases[] = {{R"(\u0041QI\u002d)", "AQI-", true},   {R"(\u0041\u0051)", "AQ", true},  {R"(AQ\u003D\u003d)", "AQ==", false},
               {R"(AQ\/A)", R"(AQ\/A)", false},      {R"(\u0141QIB)", R"(\u0141QIB)", false}, {R"(AQ\u00)", R"(AQ\u00)", false}};
  for (const auto& test : cases) {
    std::string text = R"({"payload":")" + std::string{test.payload} + R"(","b":1})";
    const TextScan scan = scan_text(text, {});
    EXPECT_EQ(std::string(scan.letters.begin(), scan.letters.end()), test.letters);
    EXPECT_EQ(scan.payload_is_base64url, test.base64url) << test.payload;
    EXPECT_EQ(scan.verdict, TextScan::Verdict::fine);
    EXPECT_EQ(around(R"({"payload":")" + std::string{test.payload} + R"(","b":1})"), R"({"payload":"","b":1})");
  }
}

TEST(TextScan, KnowsEveryLetterOfBase64url) {
  for (unsigned code = 0x20; code < 0x100; ++code) {
    const char c = static_cast<char>(code);
    if (c == '"' || c == '\\') continue;
    std::string text = R"({"payload":"AAA)" + std::string(1, c) + "\"}";
    const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const bool letter = letters.find(c) != std::string::npos;
    EXPECT_EQ(scan_text(text, {}).payload_is_base64url, letter) << code;
  }
}

TEST(TextScan, CountsTheValuesOfATextOutsideOfStrings) {
  std::string text = R"({"a":[1,2],"b":",,,{[","c":{}})";   // {, [, three commas, {
  EXPECT_EQ(scan_text(text, {8, 6}).verdict, TextScan::Verdict::fine);
  EXPECT_EQ(scan_text(text, {8, 5}).verdict, TextScan::Verdict::too_many);
}

TEST(Utf8, IsWellFormedInShortestFormsOnly) {
  for (const char* const good : {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
                                 "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "x\xc3\xa9y"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* const bad : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2x", "\xe0\x9f\xbf", "\xe0\xa0",
      "\xed\xa0\x80",
                                "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
                                "\xff"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

}  // namespace
}  // namespace lethe::wire
