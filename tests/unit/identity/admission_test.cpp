#include "identity/admission.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include <openssl/err.h>

#include "identity/errors.hpp"
#include "support/keys.hpp"
#include "unit/identity/operator_key.hpp"

namespace lethe::identity {
namespace {

using test::OperatorKey;

const Address kDevice = test::TestKey(1).address();
const Wall kNow(seconds(1'700'000'000));

std::string claims(std::uint64_t expires = 1'700'001'000) {
  const std::string subject = test::to_base64url({reinterpret_cast<const char*>(kDevice.bytes.data()), Address::size});
  return R"({"sub":")" + subject + R"(","exp":)" + std::to_string(expires) + "}";
}

std::string header(const std::string& algorithm) { return R"({"alg":")" + algorithm + R"(","typ":"JWT"})"; }

struct Algorithm {
  const char* name;
  OperatorKey (*make)();
};

void PrintTo(const Algorithm& algorithm, std::ostream* out) { *out << algorithm.name; }

class AdmissionByToken : public testing::TestWithParam<Algorithm> {
 protected:
  const OperatorKey key_ = GetParam().make();
  const Admission admission_{key_.public_pem()};
  const std::string header_ = header(GetParam().name);

  void expect_refused(const std::string& token, IdentityError why) const {
    const Result<Claims> result = admission_.admit(token, kDevice, kNow);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), why) << result.error().message();
    EXPECT_EQ(ERR_peek_error(), 0U) << "an entry is left in OpenSSL's error queue";
  }
};

INSTANTIATE_TEST_SUITE_P(Jwt, AdmissionByToken,
                         testing::Values(Algorithm{"ES256", [] { return OperatorKey::p256(); }},
                                         Algorithm{"RS256", [] { return OperatorKey::rsa(); }},
                                         Algorithm{"EdDSA", [] { return OperatorKey::ed25519(); }}),
                         [](const auto& given) { return std::string(given.param.name); });

TEST_P(AdmissionByToken, AdmitsTheDeviceThatTheOperatorNamed) {
  EXPECT_TRUE(admission_.asks_for_token());
  const Result<Claims> result = admission_.admit(key_.token(header_, claims()), kDevice, kNow);
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(result->expires, Wall(seconds(1'700'001'000)));
  EXPECT_TRUE(admission_.admit(key_.token(R"({"alg":")" + std::string(GetParam().name) + R"("})", claims()), kDevice, kNow));
}

TEST_P(AdmissionByToken, RefusesAnotherDeviceAndTheExpired) {
  const std::string token = key_.token(header_, claims());
  EXPECT_EQ(admission_.admit(token, test::TestKey(2).address(), kNow).error(), IdentityError::token_subject);
  expect_refused(key_.token(header_, claims(1'700'000'000)), IdentityError::token_expired);
  expect_refused(key_.token(header_, R"({"exp":1700001000})"), IdentityError::token_claims);
}

TEST_P(AdmissionByToken, RefusesATokenOfAnotherKeyOfTheSameKind) {
  expect_refused(GetParam().make().token(header_, claims()), IdentityError::token_signature);
}

TEST_P(AdmissionByToken, RefusesClaimsThatTheOperatorDidNotSign) {
  const std::string token = key_.token(header_, claims());
  const std::size_t first = token.find('.');
  const std::size_t second = token.rfind('.');
  const std::string forged = token.substr(0, first + 1) + test::to_base64url(claims(1'900'000'000)) + token.substr(second);
  expect_refused(forged, IdentityError::token_signature);
}

TEST_P(AdmissionByToken, RefusesAMissingShortenedOrLengthenedSignature) {
  const std::string token = key_.token(header_, claims());
  const std::string unsigned_part = token.substr(0, token.rfind('.') + 1);
  expect_refused(unsigned_part, IdentityError::token_signature);
  expect_refused(unsigned_part + "AAAA", IdentityError::token_signature);
  expect_refused(token.substr(0, unsigned_part.size() + 64), IdentityError::token_signature);
  expect_refused(unsigned_part + "AAAA" + token.substr(unsigned_part.size()), IdentityError::token_signature);
}

TEST_P(AdmissionByToken, RefusesTheUnsignedToken) {
  const std::string text = test::to_base64url(header("none")) + '.' + test::to_base64url(claims()) + '.';
  expect_refused(text, IdentityError::token_algorithm);
  expect_refused(key_.token(header("none"), claims()), IdentityError::token_algorithm);
}

TEST_P(AdmissionByToken, RefusesAnHmacUnderThePublicKey) {
  for (const std::string& secret : {key_.public_pem(), key_.public_pem().substr(0, key_.public_pem().size() - 1)}) {
    expect_refused(test::hmac_token(header("HS256"), claims(), secret), IdentityError::token_algorithm);
    expect_refused(test::hmac_token(header_, claims(), secret), IdentityError::token_signature);
  }
}

TEST_P(AdmissionByToken, RefusesATokenThatNamesAnotherAlgorithmThanTheKeys) {
  for (const std::string other : {"ES256", "RS256", "EdDSA", "ES384", "RS512", "PS256", "NONE", "es256", "eddsa", ""}) {
    if (other == GetParam().name) continue;
    expect_refused(key_.token(header(other), claims()), IdentityError::token_algorithm);
  }
}

TEST_P(AdmissionByToken, RefusesWhatIsNoToken) {
  const std::string token = key_.token(header_, claims());
  expect_refused("", IdentityError::token_missing);
  for (const std::string& text : {std::string("a"), std::string("."), std::string(".."), std::string("a.b"), "." + token,
                                  token + ".AAAA", token + "=", token + "\n", " " + token, token + std::string(1, '\0')}) {
    expect_refused(text, IdentityError::token_malformed);
  }
}

TEST_P(AdmissionByToken, RefusesATokenThatIsTooLong) {
  const auto padded = [this](std::size_t padding) {
    std::string text = claims();
    text.insert(text.size() - 1, R"(,"x":")" + std::string(padding, 'x') + '"');
    return key_.token(header_, text);
  };
  std::size_t padding = 2'000;
  while (padded(padding + 1).size() <= kMaxTokenSize) ++padding;
  EXPECT_TRUE(admission_.admit(padded(padding), kDevice, kNow));
  expect_refused(padded(padding + 2), IdentityError::token_too_long);
}

TEST_P(AdmissionByToken, RefusesAPrivateKeyAsTheOperatorsPublicKey) {
  EXPECT_THROW(Admission{key_.private_pem()}, std::runtime_error);
}

TEST(Admission, AdmitsEveryDeviceWhileItIsOpen) {
  const Admission open;
  EXPECT_FALSE(open.asks_for_token());
  for (const char* token : {"", "whatever"}) {
    const Result<Claims> result = open.admit(token, kDevice, kNow);
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->expires || result->sends_per_second || result->bytes_per_second);
  }
}

TEST(Admission, DoesNotStartWithAKeyThatItCannotUse) {
  const std::string pem = OperatorKey::p256().public_pem();
  for (const std::string& text : {std::string(), std::string("no key"), pem.substr(0, pem.size() / 2),
                                  OperatorKey::on_curve("P-384").public_pem(), OperatorKey::rsa(1'024).public_pem()}) {
    EXPECT_THROW(Admission{text}, std::runtime_error);
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
}

TEST(Admission, SaysWhatIsWrongWithTheKey) {
  try {
    const Admission admission(OperatorKey::on_curve("P-384").public_pem());
    FAIL() << "a P-384 key was taken";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "The admission key is an elliptic-curve key, but not on P-256 (ES256).");
  }
}

TEST(Admission, DoesNotStartWithAWeakEd25519Key) {
  // SubjectPublicKeyInfo of the identity point.
  const std::string pem =
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END PUBLIC KEY-----\n";
  try {
    const Admission admission(pem);
    FAIL() << "the identity point was taken";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "The admission key is a weak Ed25519 key.");
  }
}

TEST(IdentityErrors, HaveASentenceEach) {
  for (int value = 1; value <= static_cast<int>(IdentityError::token_not_yet_valid); ++value) {
    const std::string text = make_error_code(static_cast<IdentityError>(value)).message();
    EXPECT_NE(text, "Unknown identity error.") << value;
    EXPECT_EQ(text.back(), '.');
  }
}

}  // namespace
}  // namespace lethe::identity
