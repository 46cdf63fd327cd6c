// Invites of any bytes: parsed, verified, remembered. What was valid once must be so again, at no further verification.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "identity/invite_cache.hpp"

namespace {

// The recipient of the seeds in corpus/invite.
constexpr lethe::Address kRecipient{
    {0x6f, 0x20, 0x68, 0x3a, 0xe5, 0xf0, 0x7c, 0x34, 0xab, 0xec, 0x71, 0xb4, 0xf6, 0x68, 0x66, 0xa8,
     0xab, 0x17, 0xe0, 0xe1, 0x1b, 0xe3, 0x36, 0xec, 0x10, 0x12, 0xc7, 0x2a, 0x49, 0x7b, 0x42, 0x17}};
const lethe::Wall kNow(lethe::seconds(1'700'000'000));

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace lethe::identity;
  static const lethe::KeyedHash hash({1, 2, 3, 4});
  const std::span<const std::uint8_t> raw(bytes, size);
  InviteCache cache(hash, 2);
  const CheckedInvite first = cache.check(kRecipient, raw, kNow);
  const std::uint64_t verifications = cache.verifications();
  const CheckedInvite second = cache.check(kRecipient, raw, kNow);
  if (first.check != second.check || first.key != second.key) std::abort();
  if (first.check == InviteCheck::valid && (cache.verifications() != verifications || size != kInviteSize)) std::abort();
  if (first.check == InviteCheck::valid && first.claims.expired(kNow)) std::abort();
  return 0;
}
