// Who may send, and who a device is: Ed25519, as the relay asks for it and as OpenSSL gives it.
#include <openssl/evp.h>

#include <optional>

#include "bench/micro/report.hpp"
#include "identity/auth.hpp"
#include "identity/invite_cache.hpp"
#include "support/keys.hpp"

namespace lethe::bench {
namespace {

using identity::InviteCache;
using identity::InviteCheck;

constexpr std::string_view relay = "relay.example";
const Wall now{seconds{1'700'000'000}};

// `capacity` 0: no invite is known.
void check_invites(benchmark::State& state, std::size_t capacity) {
  constexpr std::size_t senders = 1'000;
  const test::TestKey recipient{1};
  std::vector<std::array<std::uint8_t, identity::kInviteSize>> invites;
  for (std::uint32_t sender = 0; sender < senders; ++sender) invites.push_back(test::make_invite(recipient, {.generation = sender}));
  InviteCache cache{KeyedHash{{3, 1, 4, 1, 5}}, capacity};
  if (capacity > 0) {
    for (const auto& invite : invites) cache.check(recipient.address(), invite, now);
  }
  const std::uint64_t before = cache.verifications();
  std::size_t next = 0;
  for (auto _ : state) {
    if (cache.check(recipient.address(), invites[next], now).check != InviteCheck::valid) state.SkipWithError("an invite was refused");
    next = (next + 1) % senders;
  }
  const std::int64_t verified = static_cast<std::int64_t>(cache.verifications() - before);
  if (verified != (capacity == 0 ? state.iterations() : 0)) state.SkipWithError("the cache was not what it should have been");
  report(state, identity::kInviteSize);
}
void invite_check_cold(benchmark::State& state) { check_invites(state, 0); }
void invite_check_warm(benchmark::State& state) { check_invites(state, 100'000); }

void auth_signature_check(benchmark::State& state) {
  const test::TestKey device{1};
  Nonce nonce;
  nonce.bytes.fill(9);
  const auto message = identity::auth_message(relay, nonce, std::nullopt);
  const Signature signature = device.sign(message);
  for (auto _ : state) {
    if (!identity::verify_auth(relay, nonce, std::nullopt, device.address(), signature)) state.SkipWithError("a signature was refused");
  }
  report(state, message.size());
}

// The bare cost: a raw key is read and one signature of an authentication's length verified with it.
void ed25519_verify(benchmark::State& state) {
  const test::TestKey device{1};
  const auto message = identity::auth_message(relay, Nonce{}, std::nullopt);
  const Signature signature = device.sign(message);
  for (auto _ : state) {
    EVP_PKEY* const key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, device.address().bytes.data(), device.address().bytes.size());
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, key);
    if (EVP_DigestVerify(context, signature.bytes.data(), signature.bytes.size(), message.data(), message.size()) != 1) {
      state.SkipWithError("a signature was refused");
    }
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
  }
  report(state, message.size());
}

BENCHMARK(invite_check_cold);
BENCHMARK(invite_check_warm);
BENCHMARK(auth_signature_check);
BENCHMARK(ed25519_verify);

}  // namespace
}  // namespace lethe::bench
