#pragma once
// An invite: the capability that a recipient mints and hands to a sender (docs/protocol.md, «Sending»). The relay stores
// none. Integers are big-endian:
//
//   0 version = 1 | 1 flags | 2 generation u32 | 6 expires u64 | 14 max_ttl u32 | 18 rate u16 | 20 label (8) |
//   28 signature (64)
//
// The signature is Ed25519 by the recipient's key over "lethe/v1/invite" | 0 | bytes 0 to 27. Pure functions, any thread.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lethe/base/ids.hpp>
#include <lethe/base/result.hpp>
#include <lethe/base/time.hpp>

namespace lethe::identity {

inline constexpr std::size_t kInviteSize = 92;
inline constexpr std::size_t kInviteClaimsSize = 28;   // the bytes before the signature

struct Invite {
  static constexpr std::uint8_t kAnonymous = 1;       // usable by anonymous sessions
  static constexpr std::uint8_t kThisEpochOnly = 2;   // void unless the relay knows the mailbox in this epoch

  std::uint8_t flags = 0;
  std::uint32_t generation = 0;
  std::uint64_t expires = 0;    // Unix seconds
  std::uint32_t max_ttl = 0;    // seconds; 0 = no cap
  std::uint16_t rate = 0;       // messages an hour; 0 = no cap
  InviteLabel label;

  bool anonymous() const noexcept { return (flags & kAnonymous) != 0; }
  bool this_epoch_only() const noexcept { return (flags & kThisEpochOnly) != 0; }
  // An invite is usable before the second `expires` begins and void from then on.
  bool expired(Wall now) const noexcept;
};

// Reads the claims; refuses a length other than 92, a version other than 1, and unknown flags. Proves nothing about the
// signature.
Result<Invite> parse_invite(std::span<const std::uint8_t> raw) noexcept;

// What the recipient signs: the context, a zero byte and the 28 bytes of `claims`.
using InviteMessage = std::array<std::uint8_t, 16 + kInviteClaimsSize>;
InviteMessage invite_message(std::span<const std::uint8_t, kInviteClaimsSize> claims) noexcept;

// True if `recipient` signed this invite. Looks at nothing else (not at expiry, generation or revocation).
bool verify_invite(std::span<const std::uint8_t, kInviteSize> raw, const Address& recipient) noexcept;

}  // namespace lethe::identity
