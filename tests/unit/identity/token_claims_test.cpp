#include "identity/token_claims.hpp"

#include <gtest/gtest.h>

#include <string>

#include "identity/errors.hpp"
#include "support/keys.hpp"
#include "unit/identity/operator_key.hpp"

namespace lethe::identity {
namespace {

const Address kDevice = test::TestKey(1).address();
const Wall kNow(milliseconds(1'700'000'000'500));

std::string subject() { return test::to_base64url({reinterpret_cast<const char*>(kDevice.bytes.data()), Address::size}); }

// Claims of the right device that expire late, with `more` behind them.
std::string claims(const std::string& more = "") { return R"({"sub":")" + subject() + R"(","exp":1700001000)" + more + "}"; }

Result<Claims> read(const std::string& json) { return read_token_claims(json, kDevice, kNow); }

TEST(TokenClaims, OfTheDeviceAreRead) {
  const Result<Claims> result = read(claims(R"(,"quota":{"sends_per_second":7,"bytes_per_second":9007199254740992})"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->expires, Wall(seconds(1'700'001'000)));
  EXPECT_EQ(result->sends_per_second, 7U);
  EXPECT_EQ(result->bytes_per_second, ByteCount{9'007'199'254'740'992});
}

TEST(TokenClaims, WithoutAQuotaNameNone) {
  for (const char* more : {"", R"(,"quota":{})", R"(,"name":"somebody","roles":["a","b"])"}) {
    const Result<Claims> result = read(claims(more));
    ASSERT_TRUE(result) << more;
    EXPECT_FALSE(result->sends_per_second || result->bytes_per_second);
  }
}

TEST(TokenClaims, MayNameHalfAQuota) {
  const Result<Claims> result = read(claims(R"(,"quota":{"bytes_per_second":1})"));
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->sends_per_second);
  EXPECT_EQ(result->bytes_per_second, ByteCount{1});
}

TEST(TokenClaims, WithAWrongQuotaAreRefused) {
  for (const char* quota : {"5", "null", "[]", R"({"sends_per_second":0})", R"({"sends_per_second":-1})",
                            R"({"sends_per_second":1.5})", R"({"sends_per_second":"9"})", R"({"sends_per_second":4294967296})",
                            R"({"bytes_per_second":0})", R"({"bytes_per_second":9007199254740993})"}) {
    EXPECT_EQ(read(claims(std::string(R"(,"quota":)") + quota)).error(), IdentityError::token_claims) << quota;
  }
}

TEST(TokenClaims, OfAnotherDeviceAreRefused) {
  const std::string text = claims();
  EXPECT_EQ(read_token_claims(text, test::TestKey(2).address(), kNow).error(), IdentityError::token_subject);
  const std::string half = subject().substr(0, 42);
  for (const std::string& sub : {std::string(), half, subject() + "=", subject() + "A", std::string(" ") + subject()}) {
    EXPECT_EQ(read(R"({"sub":")" + sub + R"(","exp":1700001000})").error(), IdentityError::token_subject) << sub;
  }
}

TEST(TokenClaims, WithoutASubjectOrAnExpiryAreRefused) {
  EXPECT_EQ(read(R"({"exp":1700001000})").error(), IdentityError::token_claims);
  EXPECT_EQ(read(R"({"sub":null,"exp":1700001000})").error(), IdentityError::token_claims);
  EXPECT_EQ(read(R"({"sub":[")" + subject() + R"("],"exp":1700001000})").error(), IdentityError::token_claims);
  EXPECT_EQ(read(R"({"sub":")" + subject() + R"("})").error(), IdentityError::token_claims);
}

TEST(TokenClaims, ExpireAtTheirSecond) {
  const std::string text = R"({"sub":")" + subject() + R"(","exp":1700000001})";
  EXPECT_TRUE(read_token_claims(text, kDevice, Wall(milliseconds(1'700'000'000'999))));
  EXPECT_EQ(read_token_claims(text, kDevice, Wall(seconds(1'700'000'001))).error(), IdentityError::token_expired);
  EXPECT_EQ(read_token_claims(text, kDevice, Wall(seconds(1'800'000'000))).error(), IdentityError::token_expired);
}

TEST(TokenClaims, MayExpireWithinASecondAndThenTheFractionIsDropped) {
  const std::string text = R"({"sub":")" + subject() + R"(","exp":1700000001.9})";
  ASSERT_TRUE(read(text));
  EXPECT_EQ(read(text)->expires, Wall(seconds(1'700'000'001)));
}

TEST(TokenClaims, WithAnExpiryOutOfBoundsOrOfAnotherTypeAreRefused) {
  for (const char* exp : {"-1", "253402300800", "1e300", "18446744073709551615", "\"1700001000\"", "null", "true", "[]"}) {
    EXPECT_EQ(read(R"({"sub":")" + subject() + R"(","exp":)" + exp + "}").error(), IdentityError::token_claims) << exp;
  }
  EXPECT_TRUE(read(R"({"sub":")" + subject() + R"(","exp":253402300799})"));
}

TEST(TokenClaims, AreNotValidBeforeTheirTime) {
  EXPECT_TRUE(read(claims(R"(,"nbf":1700000000)")));
  EXPECT_EQ(read(claims(R"(,"nbf":1700000001)")).error(), IdentityError::token_not_yet_valid);
  EXPECT_EQ(read(claims(R"(,"nbf":"soon")")).error(), IdentityError::token_claims);
  EXPECT_EQ(read(claims(R"(,"nbf":1e999)")).error(), IdentityError::token_malformed);
}

TEST(TokenClaims, ThatAreNoJsonObjectAreMalformed) {
  for (const char* text : {"", "{", "[]", "null", "7", "\"x\"", "{} {}", "{\"a\":\"\xff\"}", "{'sub':1}"}) {
    EXPECT_EQ(read(text).error(), IdentityError::token_malformed) << text;
  }
}

TEST(TokenClaims, NestedDeeperThanEightAreMalformed) {
  const auto nested = [](int arrays) {
    return claims(R"(,"deep":)" + std::string(arrays, '[') + std::string(arrays, ']'));
  };
  EXPECT_TRUE(read(nested(7)));
  EXPECT_EQ(read(nested(8)).error(), IdentityError::token_malformed);
  EXPECT_EQ(read(nested(1'000)).error(), IdentityError::token_malformed);
}

TEST(TokenHeader, MustNameTheAlgorithmExactly) {
  EXPECT_TRUE(check_token_header(R"({"alg":"ES256"})", "ES256"));
  EXPECT_TRUE(check_token_header(R"({"typ":"JWT","alg":"ES256","kid":"1"})", "ES256"));
  for (const char* header : {"{}", R"({"alg":"none"})", R"({"alg":"es256"})", R"({"alg":"HS256"})", R"({"alg":null})",
                             R"({"alg":["ES256"]})", R"({"Alg":"ES256"})"}) {
    EXPECT_EQ(check_token_header(header, "ES256").error(), IdentityError::token_algorithm) << header;
  }
}

TEST(TokenHeader, WithACriticalExtensionIsRefused) {
  const char* header = R"({"alg":"ES256","crit":["b64"],"b64":false})";
  EXPECT_EQ(check_token_header(header, "ES256").error(), IdentityError::token_algorithm);
}

TEST(TokenHeader, ThatIsNoJsonObjectIsMalformed) {
  for (const char* header : {"", "ES256", "[\"ES256\"]", "{"}) {
    EXPECT_EQ(check_token_header(header, "ES256").error(), IdentityError::token_malformed) << header;
  }
}

}  // namespace
}  // namespace lethe::identity
