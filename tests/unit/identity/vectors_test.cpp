// The signatures and invites of tests/vectors/protocol.json: made again from their keys with OpenSSL, and verified by the
// relay's own code.
#include <gtest/gtest.h>

#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/base64url.hpp"
#include "identity/auth.hpp"
#include "identity/invite.hpp"

namespace lethe::identity {
namespace {

using nlohmann::json;
using Bytes = std::vector<std::uint8_t>;

json vectors() {
  std::ifstream file{std::filesystem::path{__FILE__}.parent_path() / "../../vectors/protocol.json"};
  return json::parse(file);
}

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(at, 2), nullptr, 16)));
  }
  return bytes;
}

std::string base64url_of(const Bytes& bytes) {
  std::string text(base64url::encoded_size(bytes.size()), '\0');
  base64url::encode(bytes, text.data());
  return text;
}

std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_of(const json& key) {
  const Bytes seed = from_hex(key["seed"]);
  return {EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()), EVP_PKEY_free};
}

// Ed25519 is deterministic, so the vector can be made again exactly.
Bytes sign(const json& key, const Bytes& message) {
  const auto secret = key_of(key);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  Bytes signature(64);
  std::size_t size = signature.size();
  EXPECT_EQ(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, secret.get()), 1);
  EXPECT_EQ(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()), 1);
  return signature;
}

TEST(Vectors, OfKeysFollowFromTheirSeeds) {
  const json keys = vectors()["keys"];
  ASSERT_EQ(keys.size(), 2U);
  for (const json& key : keys) {
    const auto secret = key_of(key);
    Bytes address(32);
    std::size_t size = address.size();
    ASSERT_EQ(EVP_PKEY_get_raw_public_key(secret.get(), address.data(), &size), 1);
    EXPECT_EQ(address, from_hex(key["public"]));
    EXPECT_EQ(base64url_of(address), key["address"]);
  }
}

TEST(Vectors, OfAuthAreSignedAndVerified) {
  const json all = vectors();
  ASSERT_EQ(all["auth"].size(), 2U);
  for (const json& vector : all["auth"]) {
    SCOPED_TRACE(vector["name"]);
    const json& key = all["keys"][vector["device"].get<std::string>()];
    const std::string relay = vector["relay"];
    const Nonce nonce = Nonce::from(from_hex(vector["nonce"]));
    const Bytes exporter = from_hex(vector.value("exporter", ""));
    std::optional<TlsExporter> bound;
    if (!exporter.empty()) bound.emplace(exporter.data(), 32);
    EXPECT_EQ(auth_message(relay, nonce, bound), from_hex(vector["signed"]));
    const Bytes signature = sign(key, from_hex(vector["signed"]));
    EXPECT_EQ(signature, from_hex(vector["signature"]));
    EXPECT_EQ(base64url_of(signature), vector["message"]["signature"]);
    EXPECT_EQ(key["address"], vector["message"]["device"]);
    EXPECT_TRUE(verify_auth(relay, nonce, bound, Address::from(from_hex(key["public"])), Signature::from(signature)));
  }
}

TEST(Vectors, OfInvitesAreSignedReadAndVerified) {
  const json all = vectors();
  ASSERT_EQ(all["invites"].size(), 2U);
  for (const json& vector : all["invites"]) {
    SCOPED_TRACE(vector["name"]);
    const json& key = all["keys"][vector["recipient"].get<std::string>()];
    const Bytes bytes = from_hex(vector["bytes"]);
    ASSERT_EQ(bytes.size(), kInviteSize);
    EXPECT_EQ(base64url_of(bytes), vector["text"]);
    const InviteMessage message = invite_message(std::span{bytes}.first<kInviteClaimsSize>());
    EXPECT_EQ(Bytes(message.begin(), message.end()), from_hex(vector["signed"]));
    EXPECT_EQ(sign(key, from_hex(vector["signed"])), Bytes(bytes.begin() + kInviteClaimsSize, bytes.end()));
    EXPECT_TRUE(verify_invite(std::span{bytes}.first<kInviteSize>(), Address::from(from_hex(key["public"]))));
    const Result<Invite> invite = parse_invite(bytes);
    ASSERT_TRUE(invite.has_value());
    EXPECT_EQ(invite->flags, vector["flags"]);
    EXPECT_EQ(invite->generation, vector["generation"]);
    EXPECT_EQ(invite->expires, vector["expires"]);
    EXPECT_EQ(invite->max_ttl, vector["max_ttl"]);
    EXPECT_EQ(invite->rate, vector["rate"]);
    EXPECT_EQ(invite->label, InviteLabel::from(from_hex(vector["label"])));
  }
}

}  // namespace
}  // namespace lethe::identity
